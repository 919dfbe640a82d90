#!/usr/bin/env bats
# The made-up server is one, and the machine feels nothing of it.

load stage

setup_file() {
  server_up
}

teardown_file() {
  server_down
}

@test "it has Dokku, run as dokku whoever calls" {
  run on_server dokku version
  [[ $output == 'dokku version 0.38.27' ]]
  on_server dokku apps:create blog
  [[ $(on_server stat -c %U /home/dokku/blog) == dokku ]]
}

@test "it has no dokkubase, and the machine none of its users and folders" {
  run on_server ls /opt /var/lib/dokkubase
  [[ $output != *dokkubase/* ]]
  # The machine may have users of these names itself
  run on_server getent passwd dokkubase
  [[ $status -ne 0 ]]
  on_server useradd --system dokkubase
  on_server useradd --system only-there
  run getent passwd only-there
  [[ $status -ne 0 ]]
}

@test "it reaches no network but its own, where every port is free" {
  run on_server curl -sS --max-time 2 http://198.51.100.1/
  [[ $status -ne 0 ]]
  on_server nginx
  run on_server curl -sS http://127.0.0.1/
  [[ $output == *'Empty reply'* ]]
}

@test "it has no Node until its owner installs one" {
  run -127 on_server node --version
  server_gets_node
  [[ $(on_server_as dokku node --version) == v2[4-9]* ]]
  on_server_as dokku npm --version
}
