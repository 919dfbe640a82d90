#!/usr/bin/env bats
# What an owner types beside `setup`: what is said, what ends with which code, and that nothing is left behind. One
# server for all tests, in this order.

load stage
load panel

setup_file() {
  panel_up
  on_server dokku apps:create blog >/dev/null
  on_server dokku domains:add blog blog.example.com >/dev/null
  keep_server
}

teardown_file() {
  server_down
}

@test "events says who did what; --format json is a list" {
  typed events
  ended 0
  said 'root created blog'
  said 'root added blog.example.com to blog'
  typed events blog --num 1 --format json
  [[ $(jq -r '.[0].app' <<<"$output") == blog ]]
}

@test "an app that there is not ends with 20, as in Dokku" {
  for subcommand in events deployments; do
    typed "$subcommand" nope
    ended 20
    [[ $stderr == '!     App nope does not exist' ]] || fail "said: ${stderr@Q}"
  done
}

@test "events --follow tells what happens next, and ends when nobody reads any more" {
  on_server_script <<'BASH'
mkfifo /tmp/told
dokku dokkubase:events --follow >/tmp/told & pid=$!
exec 8</tmp/told
read -r first <&8 && [[ $first == *'created blog'* ]]
dokku apps:create shop >/dev/null
while read -t 180 -r line <&8; do [[ $line == *'created shop'* ]] && break; done
[[ $line == *'created shop'* ]]
exec 8<&-
BASH
  wait_for nobody_follows
}

nobody_follows() { ! on_server pgrep -f 'main.js events' >/dev/null; }

@test "deployments are listed, also as JSON" {
  on_server_script <<'BASH'
tar -C /tmp -cf /tmp/one.tar --files-from /dev/null
dokku git:from-archive blog -- </tmp/one.tar >/dev/null 2>&1 || true
BASH
  wait_for deployed_from_archive
  typed deployments blog --format json
  [[ $(jq -r '.[0] | "\(.app) \(.source)"' <<<"$output") == 'blog git:from-archive' ]]
  typed deployments
  [[ ${lines[0]} == App*Number*Status*Source*By*Started* ]]
}

deployed_from_archive() {
  typed deployments blog --format json
  [[ $(jq -r '.[0].source' <<<"$output") == git:from-archive ]]
}

@test "login prints a link that works once, to this server's root alone" {
  typed login
  ended 0
  [[ $output =~ http://127.0.0.1:3999/setup\?token=[A-Za-z0-9_-]+ ]]
  said 'For the rest of the world: dokku dokkubase:setup <domain>'
  typed_over_ssh login
  ended 1
  said 'Type there: sudo dokku dokkubase:login'
  [[ $output$stderr != *token=* ]]
}

@test "a copy of everything, another database and its end are root's alone, too" {
  for words in 'backup -' 'restore -' 'destroy --data --force'; do
    # shellcheck disable=SC2086 # Words.
    typed_over_ssh $words
    ended 1
    said "Type there: sudo dokku dokkubase:${words%% *}"
  done
}

@test "report says how the panel stands, one value of it, or all as JSON" {
  typed report
  ended 0
  said 'Dokkubase running:             true'
  typed report --dokkubase-port
  [[ $output == 3999 ]]
  typed report --format json
  [[ $(jq -r '"\(.running) \(.apps) \(.accounts)"' <<<"$output") == 'true 2 0' ]]
  typed report --dokkubase-nope
  ended 1
  said 'Invalid flag passed, valid flags: --dokkubase-accounts, '
  typed report --format yaml
  ended 1
}

@test "set takes known keys and values only, and a default is what no value says" {
  for words in '' nope 'port 80' 'port 70000' 'port many' 'retention-audit never' 'allow-plugins yes' 'port 1 2'; do
    # shellcheck disable=SC2086 # Words of their own
    typed set $words
    ended 1
    [[ $stderr == '!     '* ]] || fail "$words said: ${stderr@Q}"
  done
  typed set retention-audit 90
  ended 0
  [[ $(property retention-audit) == 90 ]]
  typed set retention-audit
  ended 0
  run property retention-audit
  [[ $status -ne 0 ]]
}

@test "what gives the panel root's rights is root's to allow" {
  typed_over_ssh set allow-docker-options true
  ended 1
  said 'Type there: sudo dokku dokkubase:set allow-docker-options true'
  run property allow-docker-options
  [[ $status -ne 0 ]]
  typed set allow-docker-options true
  ended 0
  [[ $(property allow-docker-options) == true ]]
  wait_for eval 'typed events; said "root set allow-docker-options of this panel to true"'
}

@test "a port that something else has is refused" {
  on_server_script <<'BASH'
setsid perl -MIO::Socket::INET -e \
  '$door = IO::Socket::INET->new(LocalAddr => "127.0.0.1:4111", Listen => 5, ReuseAddr => 1) or die; sleep 600' \
  </dev/null &>/dev/null &
BASH
  wait_for on_server bash -c 'exec 3<>/dev/tcp/127.0.0.1/4111'
  typed set port 4111
  ended 1
  said 'Something else listens on port 4111'
}

@test "backup and restore: what was then is again, what was since is kept aside" {
  typed backup /home/dokku/then.db
  ended 0
  [[ $(on_server stat -c %a:%U /home/dokku/then.db) == 600:dokku ]]
  on_server dokku apps:create wiki >/dev/null
  typed events wiki
  ended 0
  typed restore /home/dokku/then.db
  ended 0
  said 'Everybody has to sign in again'
  # The app is still Dokku's: the panel sees it again, and knows no more than that
  wait_for eval 'typed events wiki; said "wiki is there"'
  [[ $output != *'created wiki'* ]]
  typed events blog
  said 'root created blog'
  [[ $(on_server bash -c 'ls /var/lib/dokkubase/backups') == before-restore-*.db ]]
}

@test "a backup goes to stdout where dokku may not write, and comes from stdin" {
  typed backup /root/then.db
  ended 1
  said 'Type: sudo dokku dokkubase:backup - > /root/then.db'
  on_server_script <<'BASH'
dokku dokkubase:backup - >/root/then.db
[[ $(head -c 15 /root/then.db) == 'SQLite format 3' ]]
dokku dokkubase:restore - </root/then.db >/dev/null
BASH
}

@test "what is no backup changes nothing, and the panel goes on" {
  on_server bash -c 'echo nothing >/home/dokku/no.db'
  typed restore /home/dokku/no.db
  ended 1
  said 'This backup cannot be restored: it is not a database. Nothing was changed'
  typed events blog
  ended 0
  for words in '' /home/dokku/nope.db '--nope'; do
    # shellcheck disable=SC2086 # None or one
    typed restore $words
    ended 1
    said 'Type: '
  done
}

@test "stop, start and restart say what is; events wait meanwhile" {
  typed stop
  ended 0
  on_server dokku apps:create api >/dev/null
  typed report --dokkubase-running
  [[ $output == false ]]
  typed start
  ended 0
  wait_for eval 'typed events api; ((status == 0))'
  said 'root created api'
  typed restart
  ended 0
  typed restart now
  ended 1
}

@test "logs hands on what is asked for" {
  typed logs --num 5
  ended 0
  [[ ${lines[0]} == 'asked: logs --num 5' ]]
  typed logs --num many
  ended 1
  typed logs --nope
  ended 1
  said 'Type: dokku dokkubase:logs [--tail] [--num <n>]'
}

@test "destroy asks first, then takes the panel off the web, with --data its history too" {
  typed setup panel.example.com
  ended 0
  run --separate-stderr on_server bash -c 'echo no | dokku dokkubase:destroy'
  ended 1
  said 'Confirmation did not match dokkubase. Aborted.'
  [[ $(browse http://panel.example.com/healthz) == '{"status":"ok"'* ]]
  run --separate-stderr on_server bash -c 'echo dokkubase | dokku dokkubase:destroy'
  ended 0
  run on_server dokku apps:exists dokkubase
  [[ $status -ne 0 ]]
  [[ -n $(on_server ls /var/lib/dokkubase) ]]
  typed destroy --data --force
  ended 0
  [[ -z $(on_server ls -A /var/lib/dokkubase) ]]
}

@test "before the panel is installed, each says how to, and ends with 1" {
  on_server mv /opt/dokkubase/current /opt/dokkubase/elsewhere
  for subcommand in report login events deployments logs start stop restart 'backup -' 'restore -' doctor; do
    # shellcheck disable=SC2086 # With its argument
    typed $subcommand
    ended 1
    said 'sudo dokku plugin:install'
  done
}
