#!/usr/bin/env bats
# The panel behind a real nginx with the front app's file as Dokku writes it: live streams, addresses, https, uploads,
# restarts, http-auth, maintenance. One server for all tests, in this order.

load stage
load panel

ADDRESS=https://panel.example.com

setup_file() {
  panel_up
  on_server dokku dokkubase:setup panel.example.com >/dev/null
  certificate_of dokkubase panel.example.com >/dev/null
  local link
  link="$(on_server dokku dokkubase:login | tail -n1)"
  browse -k -o /dev/null -c /tmp/cookies -H "Origin: $ADDRESS" --interface 127.0.0.9 -A 'Ada on her laptop' \
    -H 'X-Forwarded-For: 203.0.113.5' -d "token=${link##*=}" -d name=ada \
    --data-urlencode 'password=9 Teal kettles whistle' "$ADDRESS/setup"
  on_server grep -q dokkubase /tmp/cookies || fail "nobody could be signed in"
  keep_server
}

teardown_file() {
  server_down
}

signed_in() {
  browse -k -b /tmp/cookies "$@"
}

# A stream into /tmp/stream, in place of the one before; with options of curl.
stream() {
  on_server bash -c 'kill "$(</tmp/stream.pid)"; rm -f /tmp/stream
    curl -skN -b /tmp/cookies -H "Accept: text/event-stream" "${@:3}" \
    --resolve panel.example.com:443:127.0.0.1 "$1" >"$2" 2>/dev/null </dev/null & echo $! >/tmp/stream.pid' 2>/dev/null \
    stream "$ADDRESS/live" /tmp/stream "$@"
  wait_for on_server grep -q connected /tmp/stream
}

@test "http leads to https, and only https says how long to keep to it, once" {
  run browse -i http://panel.example.com/apps
  [[ ${lines[0]} == *301* && $output == *'Location: https://panel.example.com:443/apps'* ]]
  [[ ${output,,} != *strict-transport-security* ]]
  run browse -ki "$ADDRESS/sign-in"
  [[ $(grep -ci '^strict-transport-security: max-age=15552000' <<<"$output") == 1 ]]
  [[ $(grep -ci '^strict-transport-security' <<<"$output") == 1 ]]
}

@test "over https the cookie is one that only https gets back" {
  on_server grep -q $'panel.example.com\tFALSE\t/\tTRUE.*__Host-dokkubase' /tmp/cookies
  [[ $(signed_in -o /dev/null -w '%{http_code}' "$ADDRESS/apps") == 200 ]]
}

@test "who signed in from where is nginx's word, not what a client says of itself" {
  run signed_in "$ADDRESS/account"
  [[ $output == *127.0.0.9* && $output != *203.0.113.5* ]]
}

@test "what changes is told at once, line by line" {
  stream
  on_server dokku apps:create blog >/dev/null
  wait_for on_server grep -q 'event: app:blog' /tmp/stream
  on_server bash -c 'kill -0 "$(</tmp/stream.pid)"'
}

@test "a stream with nothing to tell is kept alive" {
  stream
  # 15 s after the last change; what the test before did may still bring some. nginx would cut it after 60
  wait_for on_server grep -q ': still here' /tmp/stream
}

@test "restarted under a stream, the panel is there again and tells what was missed" {
  stream
  on_server dokku dokkubase:restart >/dev/null
  wait_for on_server bash -c '! kill -0 "$(</tmp/stream.pid)" 2>/dev/null'
  stream -H 'Last-Event-ID: of-another-run-7'
  wait_for on_server grep -q 'event: all' /tmp/stream
}

@test "a panel that is down is a 502 that the browser's side tries again after" {
  on_server dokku dokkubase:stop >/dev/null
  run signed_in -w '%{http_code}' "$ADDRESS/live"
  [[ $output == *502 ]]
  on_server dokku dokkubase:start >/dev/null
}

@test "100 MB pass, and more than nginx is told to take is refused by it" {
  on_server dokku dokkubase:stop >/dev/null
  on_server_script <<'BASH'
cat >/tmp/taking.mjs <<'JS'
import { createServer } from 'node:http'
createServer(async (request, response) => {
  let bytes = 0
  for await (const chunk of request) bytes += chunk.length
  response.end(`${bytes}`)
}).listen(3999, '127.0.0.1')
JS
setsid /opt/dokkubase/current/node /tmp/taking.mjs </dev/null &>/dev/null &
echo $! >/tmp/taking.pid
truncate -s 100M /tmp/archive
truncate -s 111M /tmp/larger
BASH
  wait_for on_server bash -c 'exec 3<>/dev/tcp/127.0.0.1/3999'
  [[ $(browse -k -T /tmp/archive "$ADDRESS/archive") == 104857600 ]]
  [[ $(browse -k -o /dev/null -w '%{http_code}' -T /tmp/larger "$ADDRESS/archive") == 413 ]]
  on_server bash -c 'kill "$(</tmp/taking.pid)"; rm /tmp/archive /tmp/larger'
  on_server dokku dokkubase:start >/dev/null
}

@test "a password of http-auth before it stands in nobody's way who has it" {
  on_server_script <<'BASH'
echo "ada:$(openssl passwd -apr1 secret)" >/etc/nginx/passwords
echo 'auth_basic "Restricted"; auth_basic_user_file /etc/nginx/passwords;' >/home/dokku/dokkubase/nginx.conf.d/http-auth.conf
nginx -s reload
BASH
  wait_for asked_for_a_name
  [[ $(signed_in -u ada:secret -o /dev/null -w '%{http_code}' "$ADDRESS/apps") == 200 ]]
  typed setup
  ended 0
  said 'http-auth asks for a name first'
  typed doctor
  ended 0
  on_server bash -c 'rm /home/dokku/dokkubase/nginx.conf.d/http-auth.conf && nginx -s reload'
}

asked_for_a_name() {
  [[ $(signed_in -o /dev/null -w '%{http_code}' "$ADDRESS/apps") == 401 ]]
}

@test "in maintenance everybody gets its page, and the checks say why" {
  on_server_script <<'BASH'
cat >/home/dokku/dokkubase/nginx.conf.d/maintenance.conf <<'NGINX'
error_page 503 @maintenance;
location @maintenance { internal; return 503; }
if ($uri != /maintenance.html) { return 503; }
NGINX
nginx -s reload
BASH
  wait_for in_maintenance
  typed setup
  ended 0
  said 'maintenance is on'
  on_server bash -c 'rm /home/dokku/dokkubase/nginx.conf.d/maintenance.conf && nginx -s reload'
}

in_maintenance() {
  [[ $(browse -k -o /dev/null -w '%{http_code}' "$ADDRESS/apps") == 503 ]]
}

@test "Dokku's own ways with an app leave it standing" {
  on_server dokku ps:restart dokkubase >/dev/null
  on_server dokku ps:rebuild dokkubase >/dev/null
  on_server dokku ps:restore dokkubase >/dev/null 2>&1 || true
  [[ $(browse -k "$ADDRESS/healthz") == '{"status":"ok"'* ]]
}

@test "the panel marks its own app, and leaves its builds out" {
  run signed_in "$ADDRESS/apps/dokkubase"
  [[ $output == *'this panel'* ]]
  run on_server dokku dokkubase:deployments dokkubase --format json
  [[ $output == '[]' ]]
}
