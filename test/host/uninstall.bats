#!/usr/bin/env bats
# What `dokku plugin:uninstall dokkubase` takes away, and what it leaves.

load stage
load install

setup_file() {
  make_installed_layer
}

setup() {
  installed_up
}

teardown() {
  server_down
}

# Modes and owners of all that is there; the times of folders and of the users' files differ.
places() {
  on_server find /etc /opt /home /root /usr/local /usr/bin /usr/sbin /var -xdev \
    \( -path /var/log/nginx -o -path /var/lib/nginx -o -path '/var/lib/dokkubase/*' -o -path /home/dokku/.npm \) -prune -o -printf '%p %m %u:%g %l\n' | sort
}

front_app() {
  on_server dokku apps:create dokkubase >/dev/null
  on_server_script <<'SCRIPT'
export DOKKU_LIB_ROOT=/var/lib/dokku
source /var/lib/dokku/core-plugins/available/common/property-functions
fn-plugin-property-write dokkubase --global front-app dokkubase
SCRIPT
}

@test "everything goes but the data, which are root's then" {
  front_app
  wait_for eval '(($(recorded events) > 0))'
  plugin uninstall dokkubase
  said 'kept in /var/lib/dokkubase, for root only'
  after="$(places)"
  [[ $(on_server stat -c '%a %U:%G' /var/lib/dokkubase) == '700 root:root' ]]
  [[ -z $(on_server pgrep -f /opt/dokkubase) && -z $(on_server getent passwd dokkubase) && -z $(on_server getent group dokkubase) ]]
  on_server visudo -cq
  run on_server dokku apps:exists dokkubase
  [[ $status -ne 0 ]]

  server_up clone base
  before="$(places)"
  left="$(comm -13 <(echo "$before") <(echo "$after") | cut -d' ' -f1 | grep -vE '^/(etc/(passwd|group|shadow|gshadow|subuid|subgid)-?|etc/\.pwd\.lock|etc/service|var/lib/dokku/(data|config)/.*|root/.gitconfig)$')"
  [[ $left == /var/lib/dokkubase ]] || fail "left: ${left:0:2000}"
  [[ -z $(comm -23 <(cut -d' ' -f1 <<<"$before") <(cut -d' ' -f1 <<<"$after")) ]]
}

@test "the data go too where dokkubase:destroy --data was asked for" {
  on_server_script <<'SCRIPT'
export DOKKU_LIB_ROOT=/var/lib/dokku
source /var/lib/dokku/core-plugins/available/common/property-functions
fn-plugin-property-write dokkubase --global destroy-data true
SCRIPT
  plugin uninstall dokkubase
  said 'with what it recorded'
  run -2 on_server ls /var/lib/dokkubase /var/lib/dokku/config/dokkubase /var/lib/dokku/data/dokkubase
}

@test "data that were kept are taken up again by the next install, whatever the user's number is then" {
  on_server dokku apps:create blog >/dev/null
  wait_for eval '(($(recorded events) > 0))'
  events="$(recorded events)"
  # So that it need not be built again
  on_server cp -a /opt/dokkubase/releases /srv/releases
  plugin uninstall dokkubase
  on_server useradd --system in-between
  on_server mkdir /opt/dokkubase
  on_server mv /srv/releases /opt/dokkubase
  plugin install "$CLONE"
  said 'Taking up the data'
  answers
  (($(recorded events) >= events))
  [[ $(on_server find /var/lib/dokkubase ! -user dokkubase | wc -l) == 0 ]]
}

@test "another plugin that goes takes nothing of ours with it" {
  on_server_script <<'SCRIPT'
cd /var/lib/dokku/plugins && mkdir available/other && ln -s "$PWD/available/other" enabled/other
SCRIPT
  before="$(listing)"
  plugin uninstall other
  answers
  [[ -z $output && -z $(diff <(grep -v /plugins/ <<<"$before") <(listing | grep -v /plugins/)) ]]
}
