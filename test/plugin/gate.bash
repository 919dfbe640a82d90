# A server made up for one test of the gate, and in place of Dokku a script that notes how it was called.

bats_require_minimum_version 1.5.0

REPO="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
source "$REPO/test/caller.bash"
GATE="$REPO/ui/dokku/gate/gate"

gate_stage() {
  export PATH=/usr/bin:/bin
  export DOKKU_LIB_ROOT="$BATS_TEST_TMPDIR/lib"
  export DOKKU="$BATS_TEST_TMPDIR/dokku"
  JOBS="$DOKKU_LIB_ROOT/data/dokkubase/jobs"
  LOG="$DOKKU_LIB_ROOT/data/dokkubase/gate.log"
  CALLS="$BATS_TEST_TMPDIR/calls"
  mkdir -p "$JOBS" "$CALLS" "$DOKKU_LIB_ROOT/config/dokkubase/--global"
  dokku_is ''
  # A stdin that never ends.
  exec 7<> <(:)
}

# A Dokku that notes its arguments, its environment and its stdin, and then does what is told.
dokku_is() {
  cat >"$DOKKU" <<BASH
#!/bin/bash
printf '%s\0' "\$@" >'$CALLS/argv'
cp /proc/\$\$/environ '$CALLS/environ'
[[ -f /dev/stdin || -p /dev/stdin ]] && cat >'$CALLS/stdin'
${1:-true}
BASH
  chmod +x "$DOKKU"
}

attend() {
  "$GATE" attend ada -- "$@" <&7 3>&- 7<&-
}

# Starts a job and waits until it has ended.
job() {
  local name="$1"
  shift
  "$GATE" run "$name" ada -- "$@" 3>&- 7<&- || return
  eventually test -e "$JOBS/$name/exit"
}

allow() {
  echo true >"$DOKKU_LIB_ROOT/config/dokkubase/--global/$1"
}

# What Dokku was called with last, in `argv`.
read_call() {
  mapfile -d '' -t argv <"$CALLS/argv"
}

reached() { [[ -e $CALLS/argv ]]; }

forget_calls() { rm -rf "$CALLS" "$JOBS" && mkdir -p "$CALLS" "$JOBS"; }

# Refused with 77 and one line, and Dokku heard nothing of it.
refused() {
  forget_calls
  run --separate-stderr "$@"
  [[ $status -eq 77 ]] || fail "exit $status instead of 77 for: ${*@Q}"
  [[ -z $output && ${#stderr_lines[@]} -eq 1 && $stderr == 'refused: '* ]] || fail "said: $output$stderr"
  unreached "$@"
}

unreached() { ! reached || fail "Dokku was called for: ${*@Q}"; }

# The limit is a guard against what hangs, no promise about what does not.
eventually() {
  local deadline=$((SECONDS + 180))
  while ((SECONDS < deadline)); do
    if "$@"; then return; fi
    sleep 0.05
  done
  fail "never: $*"
}

not() { ! "$@"; }

fail() {
  echo "$*" >&2
  return 1
}
