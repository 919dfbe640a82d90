#!/usr/bin/env bats
# Tests know nothing of who runs them.

load stage

@test "the variables of a Dokku server, a git hook or sudo reach no test" {
  run env SUDO_UID=1000 DOKKU_LIB_ROOT=/var/lib/dokku DOKKU=/usr/bin/dokku PLUGIN_PATH=/x DOCKER_HOST=x SSH_NAME=ada NAME=ada \
    FINGERPRINT=x GIT_DIR=/x REDIS_URL=/x NAMES=kept bash -c 'source "$1"; compgen -e' bash "$REPO/test/caller.bash"
  [[ $status -eq 0 && $output == *NAMES* && $output == *PATH* ]]
  run grep -E '^(SUDO_UID|DOKKU.*|PLUGIN_PATH|DOCKER_HOST|SSH_NAME|NAME|FINGERPRINT|GIT_DIR|REDIS_URL)$' <<<"$output"
  [[ -z $output ]] || fail "left: $output"
}
