#!/usr/bin/env bats
# What stands on a server after `dokku plugin:install`, and that the next install changes nothing.

load stage
load install

setup_file() {
  make_installed_layer
  installed_up
}

teardown_file() {
  server_down
}

@test "one plugin:install, and the panel answers" {
  answers
  grep -q 'dokkubase 0.* runs' "$HOST_STAGE/installed.said"
  run grep -q ' !  ' "$HOST_STAGE/installed.said"
  [[ $status -ne 0 ]]
}

@test "Dokku goes on: help, plugin:list, a push, and what it did is recorded" {
  on_server dokku help >/dev/null
  on_server dokku plugin:list | grep -q '^  dokkubase '
  on_server dokku apps:create blog >/dev/null
  on_server dokku simulator:push blog
  wait_for eval '(($(recorded deployments) == 1))'
  [[ $(recorded events-waiting) == 0 ]]
}

@test "the panel's user has no password, no shell, no group but its own" {
  [[ $(on_server getent passwd dokkubase | cut -d: -f6,7) == /var/lib/dokkubase:/usr/sbin/nologin ]]
  [[ $(on_server getent shadow dokkubase | cut -d: -f2) == '!'* ]]
  [[ $(on_server id -Gn dokkubase) == dokkubase ]]
  [[ $(on_server id -Gn dokku) != *dokkubase* ]]
}

@test "every path has the mode and the owner it should have" {
  while read -r path expected; do
    [[ $(on_server stat -c '%a %U:%G' "$path") == "$expected" ]] || fail "$path is $(on_server stat -c '%a %U:%G' "$path")"
  done <<'PATHS'
/opt/dokkubase 755 root:root
/opt/dokkubase/releases 755 root:root
/opt/dokkubase/node 755 root:root
/opt/dokkubase/current/dist/main.js 644 root:root
/opt/dokkubase/current/gate/gate 755 root:root
/opt/dokkubase/current/gate/allowed 644 root:root
/opt/dokkubase/current/host/serve 755 root:root
/opt/dokkubase/current/host/panel 755 root:root
/opt/dokkubase/current/host/settings 755 root:root
/opt/dokkubase/current/host/script-names 755 root:root
/opt/dokkubase/current/host/start-stop 755 root:root
/opt/dokkubase/script-names 644 root:root
/etc/sudoers.d/dokkubase 440 root:root
/etc/sv/dokkubase 755 root:root
/etc/sv/dokkubase/run 755 root:root
/etc/sv/dokkubase/log/run 755 root:root
/var/log/dokkubase 750 root:adm
/var/lib/dokkubase 700 dokkubase:dokkubase
/var/lib/dokkubase/dokkubase.db 600 dokkubase:dokkubase
/var/lib/dokku/data/dokkubase 2711 dokku:dokkubase
/var/lib/dokku/data/dokkubase/outbox 2770 dokku:dokkubase
/var/lib/dokku/data/dokkubase/jobs 2750 dokku:dokkubase
PATHS
  run on_server find /opt/dokkubase ! -user root -o ! -group root -o -perm /022 ! -type l
  [[ -z $output ]] || fail "not root's alone: $output"
}

@test "a release is what runs and nothing else, in less than 10 MB" {
  [[ $(on_server bash -c 'cd /opt/dokkubase/current && find . -mindepth 1 -maxdepth 1 -printf "%f\n" | sort | xargs') \
    == 'dist gate host node node_modules plugin.toml' ]]
  [[ $(on_server bash -c 'ls /opt/dokkubase/current/node_modules /opt/dokkubase/current/node_modules/better-sqlite3/prebuilds | xargs') \
    =~ ' better-sqlite3 '.*' linux-'(x64|arm64)'.node'$ ]]
  (($(on_server du -sm /opt/dokkubase/current/ | cut -f1) < 10))
  run on_server bash -c 'ls -d /opt/dokkubase/build-* /opt/dokkubase/switching /home/dokku/.npm'
  [[ $output != *$'\n/'* && $output != /* ]] || fail "left behind: $output"
}

@test "the second run says nothing, changes nothing and leaves the service as it runs" {
  before="$(listing)" pid="$(on_server pgrep -u dokkubase -f dist/main.js)"
  plugin install
  [[ -z $output ]] || fail "said: $output"
  [[ "$(listing)" == "$before" ]] || fail "$(diff <(echo "$before") <(listing))"
  [[ $(on_server pgrep -u dokkubase -f dist/main.js) == "$pid" ]]
}

@test "sudo allows the panel's user the gate and the settings, and Dokku's user the panel and its supervisor" {
  run on_server sudo -l -U dokkubase
  [[ $(grep NOPASSWD <<<"$output" | xargs) == '(dokku) NOPASSWD: /opt/dokkubase/current/gate/gate, /opt/dokkubase/current/host/settings '* ]]
  run on_server sudo -l -U dokku
  [[ $(grep -c NOPASSWD <<<"$output") -eq 2 ]]
  for command in /bin/sh '/usr/bin/env FOO=1' '/opt/dokkubase/current/host/settings --all'; do
    # shellcheck disable=SC2086 # Words
    run on_server_as dokkubase sudo -n -u dokku $command
    [[ $status -ne 0 ]] || fail "$command ran as dokku"
  done
  run on_server_as dokkubase sudo -n /opt/dokkubase/current/host/start-stop status
  [[ $status -ne 0 ]]
}

@test "the panel's user can write nothing that root or dokku reads or runs" {
  run --separate-stderr on_server_as dokkubase find /etc /opt /home /root /tmp /usr/local /usr/bin /usr/sbin /var -xdev \( -path /var/lib/dokkubase -o -path /var/lib/dokku/data/dokkubase/outbox \) -prune \
    -o -writable ! -type l -print
  [[ $output == /tmp$'\n'/var/tmp ]] || fail "can write: $output"
}

@test "the panel's user reads no app's config and no key" {
  on_server dokku config:set --no-restart blog SECRET=hunter2
  for place in /home/dokku/blog/ENV /home/dokku/.ssh /etc/shadow /etc/sudoers.d/dokkubase; do
    run on_server_as dokkubase cat "$place"
    [[ $status -ne 0 ]] || fail "$place can be read"
  done
}

@test "runit brings the service back when it is killed" {
  pid="$(on_server pgrep -u dokkubase -f dist/main.js)"
  on_server kill -KILL "$pid"
  wait_for answers
  [[ $(on_server pgrep -u dokkubase -f dist/main.js) != "$pid" ]]
}

@test "what the service says is kept for dokku to read through its supervisor's script" {
  run on_server_as dokku sudo -n /opt/dokkubase/current/host/start-stop logs --num 200
  said listening
  run on_server_as dokku sudo -n /opt/dokkubase/current/host/start-stop status
  said 'runit run'
  for words in '' 'stop now' 'logs --num x' 'logs /etc/shadow' 'exit'; do
    # shellcheck disable=SC2086 # Words
    run -2 on_server_as dokku sudo -n /opt/dokkubase/current/host/start-stop $words
  done
}

@test "a setting reaches the service, though Dokku keeps it for its own user" {
  [[ $(on_server_script <<'SCRIPT'
export DOKKU_LIB_ROOT=/var/lib/dokku
source /var/lib/dokku/core-plugins/available/common/property-functions
fn-plugin-property-write dokkubase --global port 4123
stat -c '%a %U' /var/lib/dokku/config/dokkubase/--global/port
SCRIPT
  ) == '600 dokku' ]]
  on_server /opt/dokkubase/current/host/start-stop restart
  wait_for on_server curl -fsS http://127.0.0.1:4123/healthz
  on_server rm /var/lib/dokku/config/dokkubase/--global/port
  on_server /opt/dokkubase/current/host/start-stop restart
  wait_for answers
}

@test "what a containerised Dokku takes for itself at its start is given back" {
  on_server chown -R dokku:dokku /var/lib/dokku/data
  plugin install
  [[ $(on_server stat -c %G:%a /var/lib/dokku/data/dokkubase/{outbox,jobs} | xargs) == 'dokkubase:2770 dokkubase:2750' ]]
}

@test "a panel that was stopped on purpose stays so" {
  on_server /opt/dokkubase/current/host/start-stop stop
  plugin install
  run answers
  [[ $status -ne 0 ]]
  on_server /opt/dokkubase/current/host/start-stop start
  wait_for answers
}

@test "disabled, Dokku calls no hook and the panel still shows what was; enabled, both go on" {
  plugin disable dokkubase
  on_server dokku apps:create quiet >/dev/null
  answers
  [[ -z $(on_server ls /var/lib/dokku/data/dokkubase/outbox) ]]
  plugin enable dokkubase
  plugin install
  events="$(recorded events)"
  on_server dokku apps:create loud >/dev/null
  wait_for eval '(($(recorded events) > events))'
}
