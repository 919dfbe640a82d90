# Once for all files here: the namespace that holds the layers, and the layer `base`, a server with Dokku and without
# dokkubase.

setup_suite() {
  source "${BASH_SOURCE[0]%/*}/stage.bash"
  ((EUID == 0)) || fail "the host's tests need root, for namespaces and mounts"
  export HOST_STAGE
  mkdir -p "$HOST_STAGE"/{booted,fs}
  # shellcheck disable=SC2016 # The inner shell's own $1
  unshare --mount --propagation private sh -c 'mount -t tmpfs -o mode=755 tmpfs "$1" && exec sleep infinity' \
    sh "$HOST_STAGE/fs" </dev/null >"$HOST_STAGE/boot.log" 2>&1 3>&- 4>&- &
  echo $! >"$HOST_STAGE/pid"
  # bats calls no teardown after a setup that failed
  make_layers || {
    cat "$HOST_STAGE/boot.log" >&2
    teardown_suite
    fail "the host's tests could not make their server; in a container they need --privileged"
  }
}

# One line, for a failure here is looked at by the caller and `set -e` then does nothing.
make_layers() (
  trap 'server_down' EXIT
  wait_for in_stage mountpoint -q "$HOST_STAGE/fs" \
    && in_stage mkdir "$HOST_STAGE"/fs/{layers,servers} \
    && server_up / \
    && on_server "$SOURCE/test/host/server/make" \
    && server_keep base
)

teardown_suite() {
  local booted
  # What a test that failed left running
  for booted in "$HOST_STAGE"/booted/*; do
    [[ ! -s $booted ]] || server_kill "$HOST_STAGE/fs/servers/${booted##*/}" "$(<"$booted")"
  done
  kill -KILL "$(<"$HOST_STAGE/pid")"
  wait 2>/dev/null || true
}
