# A server made up for one test: its own DOKKU_LIB_ROOT and HOME, a PATH of two folders, and the plugin linked in it
# as its install does, so that hooks are called by the same links. All of install needs a whole server: test/host.

bats_require_minimum_version 1.5.0

REPO="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
source "$REPO/test/caller.bash"

stage() {
  export PATH=/usr/bin:/bin
  export HOME="$BATS_TEST_TMPDIR/home"
  export DOKKU_LIB_ROOT="$BATS_TEST_TMPDIR/dokku"
  export PLUGIN_CORE_AVAILABLE_PATH="$DOKKU_LIB_ROOT/core-plugins/available"
  DOKKU_SYSTEM_USER="$(id -un)" DOKKU_SYSTEM_GROUP="$(id -gn)"
  export DOKKU_SYSTEM_USER DOKKU_SYSTEM_GROUP DOKKU_NOT_IMPLEMENTED_EXIT=10
  OUTBOX="$DOKKU_LIB_ROOT/data/dokkubase/outbox"
  AVAILABLE="$DOKKU_LIB_ROOT/plugins/available/dokkubase"
  PLUGIN="$DOKKU_LIB_ROOT/plugins/enabled/dokkubase"
  mkdir -p "$HOME" "$AVAILABLE" "${PLUGIN%/*}" "$PLUGIN_CORE_AVAILABLE_PATH/common"
  cp -a "$REPO"/{plugin.toml,install,commands,subcommands,triggers} "$AVAILABLE"
  ln -s "$AVAILABLE" "$PLUGIN"
  mkdir "$AVAILABLE/ui"
  cp -a "$REPO/ui/host" "$AVAILABLE/ui"
  dokku_common_functions >"$PLUGIN_CORE_AVAILABLE_PATH/common/functions"
  echo v0.38.27 >"$DOKKU_LIB_ROOT/VERSION"
}

# The few of Dokku's own functions that the plugin calls, and what else sourcing them does.
dokku_common_functions() {
  cat <<'BASH'
set -eo pipefail
dokku_version() { echo "dokku version $(<"$DOKKU_LIB_ROOT/VERSION")"; }
dokku_log_info1() { echo "-----> $*"; }
dokku_log_warn() { echo " !     $*" 1>&2; }
dokku_log_fail() { echo " !     $*" 1>&2 && exit 1; }
BASH
}

installed() {
  stage
  linked
}

# What `install` does so that Dokku's triggers reach the plugin.
linked() (
  source "$PLUGIN_CORE_AVAILABLE_PATH/common/functions"
  set +e
  source "$AVAILABLE/ui/host/places"
  source "$AVAILABLE/ui/host/links"
  fn-dokkubase-shared-folders "$DOKKU_SYSTEM_USER" "$DOKKU_SYSTEM_GROUP" && fn-dokkubase-links "$AVAILABLE"
)

# The fields of the only event in the outbox, in `fields`; its arguments in `args`.
read_event() {
  local files=("$OUTBOX"/*)
  [[ ${#files[@]} -eq 1 && -f ${files[0]} ]] || fail "expected one event, found: ${files[*]}"
  mapfile -d '' -t fields <"${files[0]}"
  [[ ${fields[-1]} == $'\n' ]] || fail "the event is not closed by a newline"
  unset 'fields[-1]'
  # shellcheck disable=SC2034 # Read by the tests.
  args=("${fields[@]:14}")
}

forget_events() {
  rm -rf "$OUTBOX"
  mkdir "$OUTBOX"
}

# Runs what follows where mounts are its own and gone with it.
apart() {
  local flags=(--mount)
  ((EUID == 0)) || flags+=(--user --map-root-user)
  unshare "${flags[@]}" -- "$@"
}

# Waits until it succeeds. The limit is a guard against what hangs, no promise about what does not.
eventually() {
  local deadline=$((SECONDS + 180))
  while ((SECONDS < deadline)); do
    if "$@"; then return; fi
    sleep 0.05
  done
  fail "never: $*"
}

silent() {
  # shellcheck disable=SC2154 # Set by `run`.
  [[ $status -eq 0 && -z $output && -z ${stderr-} ]] || fail "exit $status, said: $output${stderr-}"
}

fail() {
  echo "$*" >&2
  return 1
}
