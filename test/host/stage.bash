# A server made up for these tests: the programs of the machine under an overlay, in mount, process and network
# namespaces of its own, so that useradd, sudo, nginx and runit are the real ones, nothing of it reaches the machine, and
# a Dokku, a Docker or an nginx of the machine is not there.
# Layers stack: `server_up base` has Dokku and no dokkubase; `server_keep NAME` makes what was done since a layer
# that later servers start from.
#
#   server_up [LAYER…]   a fresh server from these layers, the upper ones first (default: base); the one before it ends.
#                        `/` as the last: a new one, made of the machine's programs
#   server_down          ends it with every process in it
#   server_keep LAYER    keeps the running server's files as a layer and ends it
#   server_gets_node     the owner installs a Node that is new enough; without this a server has none
#   on_server COMMAND…   as root, with a clean environment; `on_server_as USER COMMAND…` as somebody else
#   wait_for COMMAND…    until it succeeds

bats_require_minimum_version 1.5.0

REPO="$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)"
# Where a server finds this repository, wherever it lies on the machine.
SOURCE=/srv/dokkubase
source "$REPO/test/caller.bash"
HOST_STAGE="${HOST_STAGE:-${BATS_RUN_TMPDIR:?}/host}"

server_up() {
  server_down
  local lower='' new='' layer booted deadline=$((SECONDS + PATIENCE))
  (($#)) || set -- base
  for layer in "$@"; do
    [[ $layer == / ]] && new=new || lower+="$HOST_STAGE/fs/layers/$layer:"
  done
  lower+=/
  SERVER="$HOST_STAGE/fs/servers/$BASHPID-$SRANDOM"
  booted="$HOST_STAGE/booted/${SERVER##*/}"
  in_stage unshare --mount --net --pid --uts --ipc --propagation private --fork --kill-child \
    bash "$REPO/test/host/boot.bash" "$SERVER" "$lower" "$REPO" "$booted" "$new" \
    </dev/null >>"$HOST_STAGE/boot.log" 2>&1 3>&- 4>&- &
  SERVER_HOLDER=$!
  until [[ -s $booted ]]; do
    if ! kill -0 "$SERVER_HOLDER" 2>/dev/null || ((SECONDS >= deadline)); then
      fail "the server did not start: $(tail -n 5 "$HOST_STAGE/boot.log")"
      # Where bats does not look after failures, in a condition, this would go on for ever
      return 1
    fi
    sleep 0.02
  done
  SERVER_INIT="$(<"$booted")"
  export SERVER SERVER_HOLDER SERVER_INIT
}

server_down() {
  [[ ${SERVER_HOLDER-} ]] || return 0
  server_end
  in_stage rm -rf "$SERVER"
  unset SERVER SERVER_HOLDER SERVER_INIT
}

server_keep() {
  server_end
  in_stage rm -rf "$HOST_STAGE/fs/layers/$1"
  in_stage mv "$SERVER/upper" "$HOST_STAGE/fs/layers/$1"
  server_down
}

server_gets_node() {
  on_server ln -s "$SOURCE/node_modules/.bin/node" /usr/local/bin/node
  on_server ln -s /srv/npm/bin/npm-cli.js /usr/local/bin/npm
}

server_end() {
  server_kill "$SERVER" "$SERVER_INIT"
  rm -f "$HOST_STAGE/booted/${SERVER##*/}"
}

# Ends the first process of a server, which takes all others with it: server_kill SERVER PID.
server_kill() {
  while server_is "$@"; do
    kill -KILL "$2" 2>/dev/null || true
    sleep 0.02
  done
}

# Whether this process is still the first one of this server: a PID that is free again may be given to one of the machine.
server_is() {
  local words=()
  mapfile -d '' -t words <"/proc/$2/cmdline"
  ((${#words[@]})) && [[ ${words[-1]} == "$1" ]]
} 2>/dev/null

on_server() {
  server_is "$SERVER" "$SERVER_INIT" || fail "the server is down: this would have run on the machine itself" || return
  nsenter --target "$SERVER_INIT" --mount --net --pid --uts --ipc --root -- \
    env -i -C / HOME=/root USER=root LOGNAME=root LANG=C.UTF-8 TERM=dumb \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" 3>&- 4>&-
}

on_server_as() {
  local user="$1"
  shift
  on_server sudo -n -H -u "$user" -- "$@"
}

# `on_server` for more than one command, as a script on stdin: on_server_script <<'BASH' … BASH
on_server_script() {
  on_server bash -euo pipefail -s -- "$@"
}

# How long a busy machine may take for anything: a guard against what hangs, no promise about what does not.
PATIENCE=180

wait_for() {
  local deadline=$((SECONDS + PATIENCE))
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= deadline)); then
      fail "never came true: $*"
      return 1
    fi
    sleep 0.1
  done
}

# The namespace that holds the layers; setup_suite makes it.
in_stage() {
  nsenter --target "$(<"$HOST_STAGE/pid")" --mount -- "$@"
}

fail() {
  echo "$*" >&2
  return 1
}
