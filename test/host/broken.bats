#!/usr/bin/env bats
# An install that cannot go on says so, hurts nobody, and is completed by the next.

load stage
load install

setup_file() {
  make_clone_layer
}

setup() {
  server_up clone base
  server_gets_runit
}

teardown() {
  server_down
}

nothing_linked() {
  run -2 on_server bash -c 'ls /var/lib/dokku/plugins/enabled/dokkubase/post-deploy /opt/dokkubase'
}

@test "without any Node: what to install, bring or name, and where a file or a mirror is named, that is taken" {
  on_server rm /usr/local/bin/node
  plugin install "$CLONE"
  said 'there is no Node 24 on this server and none could be got'
  said 'DOKKUBASE_NODE_FILE='
  said 'DOKKUBASE_NODE_MIRROR='
  dokku_works
  on_server bash -c 'echo no Node >/root/node.tar.gz'
  run on_server env DOKKUBASE_NODE_FILE=/root/node.tar.gz dokku plugin:install
  [[ $status -eq 0 ]]
  said 'is not Node v24'
  run on_server env DOKKUBASE_NODE_MIRROR=file:///srv/mirror dokku plugin:install
  [[ $status -eq 0 ]]
  said 'from file:///srv/mirror'
  [[ -z $(on_server ls /opt/dokkubase/node) ]]
}

@test "a Node that came is unpacked only if it is the one it should be, and is root's" {
  run on_server_script <<'SCRIPT'
mkdir -p /srv/made/node-vX/{bin,include,lib/node_modules/npm/bin} /srv/mirror/v24.19.0
cd /srv/made
printf '#!/bin/sh\nexec /srv/dokkubase/node_modules/.bin/node "$@"\n' >node-vX/bin/node
chmod 0775 node-vX/bin/node
touch node-vX/LICENSE node-vX/include/big node-vX/lib/node_modules/npm/bin/npm-cli.js
chown -R 12345:12345 node-vX
for machine in x64 arm64; do tar -czf "/srv/mirror/v24.19.0/node-v24.19.0-linux-$machine.tar.gz" node-vX; done
groupadd dokkubase && useradd -g dokkubase dokkubase
export PLUGIN_CORE_AVAILABLE_PATH=/var/lib/dokku/core-plugins/available DOKKUBASE_NODE_MIRROR=file:///srv/mirror
source "$PLUGIN_CORE_AVAILABLE_PATH/common/functions"
for step in places node; do source "/srv/git/dokkubase.git/ui/host/$step"; done
mkdir -p "$DOKKUBASE_NODES"
sum="$(sha256sum "/srv/mirror/v24.19.0/node-v24.19.0-linux-x64.tar.gz")"
fn-dokkubase-node-bring /opt/dokkubase/node/vX "${sum%% *} another_processor" && exit 1
fn-dokkubase-node-bring /opt/dokkubase/node/vX "$DOKKUBASE_NODE_SUMS" && exit 1
fn-dokkubase-node-bring /opt/dokkubase/node/vX "${sum%% *} $(uname -m)"
find /opt/dokkubase/node -type f -printf '%P %m %u\n' | sort | xargs
SCRIPT
  [[ $status -eq 0 ]] || fail "$output"
  [[ ${lines[-1]} == 'vX/LICENSE 644 root vX/bin/node 755 root vX/lib/node_modules/npm/bin/npm-cli.js 644 root' ]]
}

# A program that answers so: unsuited PROGRAM ANSWER WORDS.
unsuited() {
  on_server bash -c 'printf "#!/bin/sh\necho %s\n" "$2" >"/usr/local/bin/$1" && chmod +x "/usr/local/bin/$1"' bash "$1" "$2"
  plugin install
  said "$3"
  nothing_linked
  on_server rm "/usr/local/bin/$1"
}

@test "a server it can never run on is told why, and nothing is linked" {
  on_server git clone -q "$CLONE" /var/lib/dokku/plugins/available/dokkubase
  on_server ln -s /var/lib/dokku/plugins/available/dokkubase /var/lib/dokku/plugins/enabled/dokkubase
  unsuited uname riscv64 'x64 or arm64 processor'
  unsuited getconf 'glibc 2.31' 'needs glibc 2.34, this is 2.31'
  unsuited getconf musl 'needs glibc 2.34'
  on_server bash -c 'echo 0.38.24 >/var/lib/dokku/VERSION'
  plugin install
  said 'needs Dokku 0.38.25, this is 0.38.24'
  nothing_linked
}

@test "a disk too full to build on is told before anything is built" {
  on_server bash -c 'mkdir /opt/dokkubase && mount -t tmpfs -o size=100m tmpfs /opt/dokkubase'
  plugin install "$CLONE"
  said 'Make room'
  said '100 are free'
  dokku_works
}

@test "where nobody supervises: what to start by hand" {
  make_installed_layer
  server_up installed clone base
  on_server rm -rf /etc/sv /etc/service
  plugin install
  said 'Neither systemd nor runit'
  said '/opt/dokkubase/current/host/serve'
  dokku_works
}

@test "sudo's rules are put in place only after visudo has read them" {
  on_server git clone -q "$CLONE" /var/lib/dokku/plugins/available/dokkubase
  run on_server_script <<'SCRIPT'
export PLUGIN_CORE_AVAILABLE_PATH=/var/lib/dokku/core-plugins/available
source "$PLUGIN_CORE_AVAILABLE_PATH/common/functions"
for step in places rights; do source "/srv/git/dokkubase.git/ui/host/$step"; done
echo 'dokkubase ALL=(dokku NOPASSWD' >/tmp/broken
fn-dokkubase-rights /tmp/broken && exit 1
[[ -z $(ls -A /etc/sudoers.d) ]]
visudo -cq
SCRIPT
  [[ $status -eq 0 && $output == *'sudo does not take its rules'* ]] || fail "$output"
}
