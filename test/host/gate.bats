#!/usr/bin/env bats
# What the user `dokkubase` of an installed server can do: ask the gate, and nothing else.

load stage
load install

setup_file() {
  make_installed_layer
  installed_up
  on_server_script <<'SCRIPT'
dokku apps:create blog >/dev/null
dokku config:set --no-restart blog API_KEY=hunter2 >/dev/null
# As Dokku leaves them
install -d -o dokku -g dokku /var/lib/dokku/config/blog /home/dokku/blog/tls
install -o dokku -g dokku -m 0600 /dev/stdin /var/lib/dokku/config/blog/ENV <<<'export API_KEY=hunter2'
install -o dokku -g dokku -m 0640 /dev/stdin /home/dokku/blog/tls/server.key <<<'a key'
chmod 0700 /home/dokku
getent group docker >/dev/null || groupadd --system docker
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/run/docker.sock")' 2>/dev/null || mkfifo /run/docker.sock
chgrp docker /run/docker.sock && chmod 0660 /run/docker.sock
SCRIPT
}

teardown_file() {
  server_down
}

GATE=/opt/dokkubase/current/gate/gate

# As the panel: it holds the other end of a pipe until the gate is done.
HELD='sudo -n -u dokku -- "$@" < <(exec sleep 300 2>/dev/null); code=$?; kill "$!"; exit "$code"'

gate() {
  run --separate-stderr on_server_as dokkubase bash -c "$HELD" bash "$GATE" "$@" </dev/null
}

refused_by_sudo() {
  run on_server_as dokkubase sudo -n "$@" </dev/null
  [[ $status -eq 1 && $output == *'sudo:'* ]] || fail "exit $status for sudo $*: $output"
}

unreadable() {
  run on_server_as dokkubase cat "$1"
  [[ $status -ne 0 && $output == *'Permission denied'* ]] || fail "$1: exit $status, $output"
}

@test "the panel's user gets answers through the gate, as Dokku's user" {
  gate attend ada -- apps:list --format json
  [[ $status -eq 0 && $output == *'"blog"'* ]]
  gate attend ada -- apps:report nothere --format json
  [[ $status -eq 20 ]]
}

@test "a Dokku made from source, in /usr/local/bin, is found as well" {
  on_server mv /usr/bin/dokku /usr/local/bin/dokku
  gate attend ada -- apps:list --format json
  on_server mv /usr/local/bin/dokku /usr/bin/dokku
  [[ $status -eq 0 && $output == *'"blog"'* ]] || fail "exit $status: $output$stderr"
}

@test "a job started through sudo outlives it, belongs to dokku, and the panel's user can read it, not write it" {
  gate run lock-1 ada -- apps:lock blog
  [[ $status -eq 0 ]]
  wait_for on_server test -e /var/lib/dokku/data/dokkubase/jobs/lock-1/exit
  on_server_as dokkubase cat /var/lib/dokku/data/dokkubase/jobs/lock-1/{asked,exit,output}
  [[ $(on_server stat -c '%U:%G %a' /var/lib/dokku/data/dokkubase/jobs/lock-1/output) == 'dokku:dokkubase 640' ]]
  run on_server_as dokkubase touch /var/lib/dokku/data/dokkubase/jobs/lock-1/exit /var/lib/dokku/data/dokkubase/jobs/x
  [[ $status -ne 0 ]]
  gate run lock-1 ada -- apps:lock blog
  [[ $status -eq 17 ]]
}

@test "nothing the panel's user says through sudo moves Dokku or opens a switch" {
  on_server_as dokkubase bash -c 'mkdir -p /tmp/own/config/dokkubase/--global; echo true >/tmp/own/config/dokkubase/--global/allow-docker-options
    printf "#!/bin/sh\ntouch /tmp/own/hijacked\n" >/tmp/own/dokku; chmod +x /tmp/own/dokku; cp /tmp/own/dokku /tmp/own/env'
  run on_server_as dokkubase bash -c 'export DOKKU=/tmp/own/dokku DOKKU_LIB_ROOT=/tmp/own BASH_ENV=/tmp/own/dokku PATH=/tmp/own:$PATH
    '"$HELD" bash "$GATE" attend ada -- apps:list --format json
  [[ $status -eq 0 && $output == *'"blog"'* ]]
  run on_server_as dokkubase env DOKKU_LIB_ROOT=/tmp/own sudo -n -u dokku -- "$GATE" run opt-1 ada -- docker-options:add blog deploy --privileged
  [[ $status -eq 77 ]]
  run ! on_server test -e /tmp/own/hijacked
  refused_by_sudo -u dokku DOKKU_LIB_ROOT=/tmp/own -- "$GATE" attend ada -- version
  refused_by_sudo -u dokku -E -- "$GATE" attend ada -- version
}

@test "sudo lets the panel's user run the gate, and nothing else, as dokku, and nothing as root" {
  refused_by_sudo -u dokku -- /bin/bash -c id
  refused_by_sudo -u dokku -- /usr/bin/dokku apps:list
  refused_by_sudo -u dokku -s
  refused_by_sudo -u dokku -i
  refused_by_sudo -u dokku -e /var/lib/dokku/config/blog/ENV
  refused_by_sudo -u dokku -- "$GATE/../gate" attend ada -- version
  refused_by_sudo -u dokku -- /opt/dokkubase/current/gate/running
  refused_by_sudo -u dokku -- /opt/dokkubase/current/host/panel login
  refused_by_sudo -u dokku -- /opt/dokkubase/current/host/settings x
  refused_by_sudo -u root -- "$GATE" attend ada -- version
  refused_by_sudo -u root -- /opt/dokkubase/current/host/start-stop restart
  refused_by_sudo -u root -- /opt/dokkubase/current/host/script-names
  refused_by_sudo -- "$GATE" attend ada -- version
  refused_by_sudo id
  refused_by_sudo -u nobody -- id
}

@test "nobody but root can change what sudo runs" {
  run on_server find -L /opt/dokkubase/current/gate /opt/dokkubase/current/host ! -user root -o -perm /022
  [[ $status -eq 0 && -z $output ]]
  run on_server_as dokkubase bash -c 'ln -sfn /tmp/own /opt/dokkubase/current; mv /opt/dokkubase /tmp/x; echo x >>'"$GATE"
  [[ $status -ne 0 ]]
  gate attend ada -- version
  [[ $status -eq 0 ]]
}

@test "the panel's user reads no app's config, no key and no Docker socket" {
  [[ $(on_server id -nG dokkubase) == dokkubase ]]
  unreadable /var/lib/dokku/config/blog/ENV
  unreadable /home/dokku/blog/tls/server.key
  unreadable /home/dokku/.ssh/authorized_keys
  unreadable /var/lib/dokku/data/dokkubase/gate.log
  on_server test -e /run/docker.sock
  run on_server_as dokkubase test -r /run/docker.sock -o -w /run/docker.sock
  [[ $status -ne 0 ]]
}

@test "what the panel started shows in its events as the panel's user, through the panel" {
  gate run create-1 ada -- apps:create from-panel
  [[ $status -eq 0 ]]
  wait_for on_server test -e /var/lib/dokku/data/dokkubase/jobs/create-1/exit
  wait_for eval 'on_server dokku dokkubase:events from-panel | grep -q "ada.*panel"'
}
