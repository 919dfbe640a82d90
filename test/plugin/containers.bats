#!/usr/bin/env bats
# `dokku dokkubase:containers` hands on what Docker says of apps, and leaves no process behind.

load stage

setup() {
  installed
  export DOCKER_BIN="$BATS_TEST_TMPDIR/docker"
  # Plays Docker: notes its arguments, lists one container, tells one event and then nothing for long.
  cat >"$DOCKER_BIN" <<'DOCKER'
#!/bin/bash
echo "${EPOCHREALTIME} $*" >>"${0%/*}/asked"
case "$1" in
  ps) [[ ! -e ${0%/*}/down ]] && echo '{"Names":"blog.web.1"}' ;;
  events)
    echo '{"Type":"container","Action":"start"}'
    [[ -e ${0%/*}/ends ]] && exit 3
    exec sleep 987
    ;;
esac
DOCKER
  chmod +x "$DOCKER_BIN"
}

containers() {
  "$PLUGIN/subcommands/containers" dokkubase:containers "$@"
}

# Waits until no process of the session that `setsid` began is left; the dead that nobody has buried yet do not count.
nothing_left() {
  for _ in {1..50}; do
    pgrep -s "$1" -r D,I,R,S,T >/dev/null || return 0
    sleep 0.1
  done
  fail "left running: $(pgrep -s "$1" -a)"
}

until_followed() {
  for _ in {1..50}; do
    grep -q '"Action"' "$1" 2>/dev/null && return
    sleep 0.1
  done
  fail "it never followed"
}

@test "it asks Docker for all containers of apps, stopped ones too, in full" {
  run --separate-stderr containers
  [[ $status -eq 0 && -z $stderr && $output == '{"Names":"blog.web.1"}' ]]
  asked="$(cut -d' ' -f2- "$BATS_TEST_TMPDIR/asked")"
  [[ $asked == 'ps --all --no-trunc --filter label=com.dokku.app-name --filter label=com.dokku.container-type=deploy --format {{json .}}' ]]
}

@test "followed, it tells events since before it listed, so that none is missed in between" {
  run containers --follow < <(until grep -q -- --since "$BATS_TEST_TMPDIR/asked" 2>/dev/null; do sleep 0.05; done)
  [[ $status -eq 0 && ${lines[0]} == '{"Names":"blog.web.1"}' ]]
  listed="$(head -n1 "$BATS_TEST_TMPDIR/asked" | cut -d' ' -f1)"
  since="$(grep -o -- '--since [0-9.]*' "$BATS_TEST_TMPDIR/asked" | cut -d' ' -f2)"
  [[ $since < $listed && $since =~ ^[0-9]{10}\.[0-9]{6}$ ]]
}

@test "it ends when stdin closes" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  setsid "$PLUGIN/subcommands/containers" dokkubase:containers --follow \
    <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" &
  session=$!
  exec 7>"$BATS_TEST_TMPDIR/in"
  until_followed "$BATS_TEST_TMPDIR/out"
  [[ $(pgrep -s "$session" | wc -l) -ge 4 ]]
  exec 7>&-
  wait "$session"
  nothing_left "$session"
}

@test "it ends when nobody reads it any more, also if nothing happens" {
  mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
  exec 7<>"$BATS_TEST_TMPDIR/in"
  setsid "$PLUGIN/subcommands/containers" dokkubase:containers --follow \
    <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 7>&- &
  session=$!
  exec 8<"$BATS_TEST_TMPDIR/out"
  read -r first <&8
  read -r second <&8
  [[ $first == *blog.web.1* && $second == *start* ]]
  exec 8<&-
  nothing_left "$session"
  exec 7>&-
}

@test "killed by any signal, it leaves nothing running" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 7<>"$BATS_TEST_TMPDIR/in"
  for signal in HUP INT TERM KILL; do
    setsid "$PLUGIN/subcommands/containers" dokkubase:containers --follow \
      <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/$signal" 7>&- &
    session=$!
    until_followed "$BATS_TEST_TMPDIR/$signal"
    # A background job of bats ignores INT
    [[ $signal == INT ]] && kill -TERM "$session" || kill "-$signal" "$session"
    nothing_left "$session"
  done
  exec 7>&-
}

@test "when Docker stops telling, it ends with Docker's exit code" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 7<>"$BATS_TEST_TMPDIR/in"
  touch "$BATS_TEST_TMPDIR/ends"
  run timeout 10 "$PLUGIN/subcommands/containers" dokkubase:containers --follow <"$BATS_TEST_TMPDIR/in" 7>&-
  [[ $status -eq 3 ]]
  exec 7>&-
}

@test "a Docker that does not answer is said, with what to try" {
  touch "$BATS_TEST_TMPDIR/down"
  run --separate-stderr containers --follow
  [[ $status -eq 1 && -z $output && $stderr == *"see if 'docker ps' works for $(id -un)"* ]]
}

@test "an option it does not know is said, with what to type" {
  for words in --nope '--follow blog' blog ''; do
    # shellcheck disable=SC2086 # Two words.
    run --separate-stderr containers ${words:-''}
    [[ $status -eq 1 && -z $output && $stderr == *'Type: dokku dokkubase:containers [--follow]'* ]]
  done
  [[ ! -e $BATS_TEST_TMPDIR/asked ]]
}
