#!/usr/bin/env bats
# `dokku dokkubase:setup` puts the panel behind Dokku's nginx, says what is, and mends what is no longer so. One server
# for all tests, in this order: each begins where the one before it left.

load stage
load panel

setup_file() {
  panel_up
  keep_server
}

teardown_file() {
  server_down
}

@test "what cannot be meant is said, with what to type" {
  for words in 'https://panel.example.com' 'panel' 'panel.example.com --email' 'panel.example.com --email nobody' \
    '--nope' 'panel.example.com other.example.com' 'pan_el.example.com' '-x.example.com'; do
    # shellcheck disable=SC2086 # Words of their own
    typed setup $words
    ended 1
    [[ $stderr == *'Type: dokku'* || $stderr == *'dokku domains:add'* ]] || fail "$words: $stderr"
  done
  run ! on_server dokku apps:exists dokkubase
}

@test "with a domain: nginx answers for it, and a one-time link leads there" {
  typed setup panel.example.com
  ended 0
  said 'nginx answers for it at http://panel.example.com'
  [[ $output =~ http://panel.example.com/setup\?token=[A-Za-z0-9_-]+ ]]
  [[ $(browse "${BASH_REMATCH[0]}") == *'Set up'* ]]
  on_server dokku ps:rebuild dokkubase
  [[ $(browse http://panel.example.com/healthz) == '{"status":"ok"'* ]]
}

@test "what the panel says of its health is for this server; the world learns that it is well" {
  [[ $(on_server curl -sS http://127.0.0.1:3999/healthz) == *'"version":"'* ]]
  [[ $(browse http://panel.example.com/healthz) != *version* ]]
  on_server chmod 0000 /var/lib/dokku/data/dokkubase/outbox
  wait_for on_server bash -c 'curl -s http://127.0.0.1:3999/healthz | grep -q "permission denied.*/var/lib/dokku/data/dokkubase/outbox"'
  [[ $(browse http://panel.example.com/healthz) == '{"status":"failing"'* ]]
  [[ $(browse http://panel.example.com/healthz) != */var/lib* ]]
  on_server chmod 2770 /var/lib/dokku/data/dokkubase/outbox
  wait_for on_server curl -sSf http://127.0.0.1:3999/healthz
}

@test "run again, it changes nothing and says what is" {
  before="$(on_server stat -c %Y.%i /home/dokku/dokkubase/nginx.conf)"
  typed setup
  ended 0
  said 'The panel runs'
  said 'The app dokkubase is there'
  said 'The panel is at http://panel.example.com'
  [[ $(on_server stat -c %Y.%i /home/dokku/dokkubase/nginx.conf) == "$before" ]]
}

@test "the owner's own domain and limit stay" {
  on_server dokku domains:add dokkubase admin.example.com
  on_server dokku nginx:set dokkubase client-max-body-size 500m
  typed setup panel.example.com
  ended 0
  [[ $(on_server dokku domains:report dokkubase --domains-app-vhosts) == *admin.example.com* ]]
  [[ $(on_server dokku nginx:report dokkubase --nginx-client-max-body-size) == 500m ]]
}

@test "what somebody changed is mended, also when the service stands still" {
  on_server dokku network:set dokkubase static-web-listener
  on_server dokku builder:set dokkubase selected
  on_server dokku dokkubase:stop
  typed setup
  ended 0
  said 'Starting the panel'
  said 'network static-web-listener: 127.0.0.1:3999'
  said 'builder selected: null'
  [[ $(browse http://panel.example.com/healthz) == '{"status":"ok"'* ]]
}

@test "another port: the service moves, and nginx finds it there" {
  typed set port 3000
  ended 0
  [[ $(on_server curl -sS http://127.0.0.1:3000/healthz) == '{"status":"ok"'* ]]
  [[ $(browse http://panel.example.com/healthz) == '{"status":"ok"'* ]]
}

@test "where letsencrypt's plugin is, what it lacks is said, and the panel stays on http" {
  on_server "$SOURCE/test/host/server/letsencrypt"
  typed setup
  ended 0
  said 'letsencrypt wants an email address. Type: dokku dokkubase:setup panel.example.com --email you@example.com'
  typed setup panel.example.com --email ada@example.com
  ended 0
  said 'panel.example.com leads elsewhere'
  said 'Once panel.example.com leads to this server, type: dokku dokkubase:setup panel.example.com'
  said 'The panel is at http://panel.example.com'
}

@test "with its certificate the panel is at https, and links lead there" {
  on_server touch /tmp/leads-here
  typed setup
  ended 0
  said 'It has a certificate'
  said 'Nothing renews it yet. Type: dokku letsencrypt:cron-job --add'
  said 'The panel is at https://panel.example.com'
  [[ $(property origin) == https://panel.example.com ]]
  typed login
  said 'https://panel.example.com/setup?token='
}

@test "an nginx that keeps an old configuration is seen, with what to type" {
  on_server touch /etc/nginx/frozen
  typed setup moved.example.com
  ended 1
  said 'sudo nginx -t'
  on_server rm /etc/nginx/frozen
  typed setup moved.example.com
  ended 0
  said 'The panel is at https://moved.example.com'
  [[ $(on_server dokku domains:report dokkubase --domains-app-vhosts) == 'moved.example.com admin.example.com' ]]
}

@test "an app of somebody else's that has this name is left alone" {
  on_server dokku dokkubase:destroy --force
  on_server dokku apps:create dokkubase
  typed setup panel.example.com
  ended 1
  said 'dokku apps:rename dokkubase <another-name>'
  on_server dokku --force apps:destroy dokkubase
}

@test "without a domain, and with each port of its own taken, it says what to do and takes none" {
  on_server_script <<'SCRIPT'
setsid python3 - >/dev/null 2>&1 <<'PYTHON' &
import signal, socket
taken = [socket.create_server(("127.0.0.1", port)) for port in range(8700, 8720)]
open("/run/taken", "w").close()
signal.pause()
PYTHON
echo $! >/run/taken.pid
SCRIPT
  wait_for on_server test -e /run/taken
  typed setup
  on_server_script <<<'kill "$(</run/taken.pid)"'
  ended 1
  said 'Each port from 8700 to 8719 is taken'
  said 'dokku dokkubase:setup panel.example.com'
  run ! on_server dokku apps:exists dokkubase
}

@test "without a domain the panel gets a port of its own at this server's address" {
  typed setup
  ended 0
  said ':8700/setup?token='
  [[ $(on_server curl -sS http://127.0.0.1:8700/healthz) == '{"status":"ok"'* ]]
  said 'The panel has no domain of its own, so browsers send its cookies to every app at this address'
  typed doctor
  ended 1
  said 'The panel has no domain of its own: browsers send its cookies to every app at this address'
  said 'Type: dokku dokkubase:setup <domain>'
}

@test "before the panel is installed, setup says how to" {
  on_server mv /opt/dokkubase/current /opt/dokkubase/elsewhere
  typed setup panel.example.com
  on_server mv /opt/dokkubase/elsewhere /opt/dokkubase/current
  ended 1
  said 'Type: sudo dokku plugin:install'
}
