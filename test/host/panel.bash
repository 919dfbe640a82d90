# A server on which the panel's release stands, played from this repository, and whose Dokku writes nginx's files: what
# subcommands meet after `install`. Their own layer, so that it is made once.

panel_up() {
  if ! in_stage test -d "$HOST_STAGE/fs/layers/panel"; then
    server_up
    on_server "$SOURCE/test/host/server/panel"
    server_keep panel
  fi
  server_up panel base
  on_server nginx
  wait_for on_server test -s /run/nginx.pid
  on_server dokku dokkubase:start >/dev/null
}

# dokku dokkubase:X as root types it; said in `output` and `stderr`.
typed() {
  run --separate-stderr on_server dokku "dokkubase:$1" "${@:2}"
}

# The same without a terminal's owner: over ssh by somebody's key.
typed_over_ssh() {
  run --separate-stderr on_server runuser -u dokku -- env SSH_USER=dokku SSH_NAME=ada dokku "dokkubase:$1" "${@:2}"
}

said() {
  # shellcheck disable=SC2154 # Set by `run`.
  [[ $output$'\n'$stderr == *"$1"* ]] || fail "exit $status, said: $output"$'\n'"$stderr"
}

ended() {
  [[ $status -eq $1 ]] || fail "exit $status, said: $output"$'\n'"$stderr"
}

property() {
  on_server cat "/var/lib/dokku/config/dokkubase/--global/$1"
}

# Dokku takes a certificate, and lays it where nginx reads it.
certificate_of() {
  on_server_script "$@" <<'BASH'
cd "$(mktemp -d)"
openssl req -x509 -newkey rsa:2048 -nodes -keyout server.key -out server.crt -days 30 -subj "/CN=$2" \
  -addext "subjectAltName=DNS:$2" 2>/dev/null
install -d -o dokku -g dokku "/home/dokku/$1/tls"
install -o dokku -g dokku -t "/home/dokku/$1/tls" server.crt server.key
tar -cf certs.tar server.crt server.key
dokku certs:add "$1" <certs.tar >/dev/null
BASH
}

# What a browser somewhere gets: through nginx, by the panel's name.
browse() {
  on_server curl -sS --max-time "$PATIENCE" --resolve panel.example.com:80:127.0.0.1 --resolve panel.example.com:443:127.0.0.1 "$@"
}

# For tests that share one server.
keep_server() {
  export SERVER SERVER_HOLDER SERVER_INIT
}
