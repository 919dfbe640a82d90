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

@test "it is the same one on a machine with a Dokku, a Docker, an nginx and people of its own" {
  server_up base
  run all_of_it
  without="$output"
  in_stage bash -euo pipefail -s "$HOST_STAGE/fs/layers/machine" <<'MACHINE'
mkdir -p "$1" && cd "$1"
mkdir -p usr/bin usr/local/bin home/{ada,dokku/blog} var/lib/{dokku/config,docker} data opt/dokkubase/releases srv/git root \
  etc/{service/nginx,sv/nginx,sudoers.d,nginx/{conf.d,sites-enabled},systemd/system,default} var/{tmp/full,spool/cron}
for program in usr/bin/{dokku,plugn,docker,node,systemctl} usr/local/bin/{dokku,node,npm,sudo,bash}; do
  printf '#!/bin/sh\necho the machine has a $0; exit 99\n' >"$program"
  chmod +x "$program"
done
cp -a /etc/{passwd,group,shadow,gshadow} etc
for user in dokku dokkubase ada; do
  echo "$user:x:1066:1066::/home/$user:/bin/bash" >>etc/passwd
  echo "$user:!:20000::::::" >>etc/shadow
  echo "$user:x:1066:" >>etc/group
  echo "$user:!::" >>etc/gshadow
done
sed -i -E '/^adm:/s/$/,dokku,ada/; s/:,/:/' etc/group etc/gshadow
echo 'dokku:100000:65536' >etc/subuid
echo 'DOKKU_ROOT=/nowhere' | tee etc/environment >etc/default/dokku
echo 'not what nginx and sudo understand' | tee etc/sudoers.d/dokku etc/nginx/conf.d/dokku.conf >etc/sudoers
echo hello >data/hello
MACHINE
  server_up machine /
  on_server "$SOURCE/test/host/server/make"
  run all_of_it
  [[ $output == "$without" ]] || fail "$(diff <(echo "$without") <(echo "$output"))"
  on_server dokku apps:create blog
}

# All files but Debian's own, and what settings say.
all_of_it() {
  on_server bash -c 'find / -xdev -path "/usr/?*/*" ! -path "/usr/*bin/*" ! -path "/usr/local/*" -prune -o ! -path / -printf "%p %y %m %u:%g %l\n" | sort
    find /etc -type f ! -name "*shadow" -exec cksum {} + | sort -k 3'
}
