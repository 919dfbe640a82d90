# Takes from the environment what a shell on a Dokku server, a git hook or sudo put there: the hooks and the gate obey such
# variables. With SUDO_UID set, the gate's tests would reach the machine's own Dokku.

forget_caller() {
  local name pattern patterns
  mapfile -t patterns <"${BASH_SOURCE[0]%/*}/caller-variables"
  for name in $(compgen -e); do
    for pattern in "${patterns[@]}"; do
      # shellcheck disable=SC2053 # A pattern
      [[ $name != $pattern ]] || unset "$name"
    done
  done
}

forget_caller
