#!/usr/bin/env bats
# An install that is broken off, by the network or by a signal, hurts nobody and is completed by the next. One server,
# test after test.

load stage
load install

setup_file() {
  make_clone_layer
  server_up clone base
  server_gets_runit
}

teardown_file() {
  server_down
}

# A plugin whose install comes after ours.
another_plugin() {
  on_server_script <<'SCRIPT'
cd /var/lib/dokku/plugins && mkdir -p available/zebra && ln -s "$PWD/available/zebra" enabled/zebra
printf '[plugin]\ndescription = "z"\nversion = "1.0.0"\n[plugin.config]\n' >available/zebra/plugin.toml
printf '#!/bin/bash\necho zebra installs\n' >available/zebra/install
chmod +x available/zebra/install
SCRIPT
}

@test "without the npm registry: loud words, Dokku tells already, and the other plugins install" {
  another_plugin
  on_server mv /srv/npm-cache /srv/npm-cache-away
  plugin install "$CLONE"
  said ' !     The panel is not installed: its packages could not be got from the npm registry'
  said 'sudo dokku plugin:install'
  said 'zebra installs'
  dokku_works
  (($(on_server ls /var/lib/dokku/data/dokkubase/outbox | wc -l) > 0))
  on_server mv /srv/npm-cache-away /srv/npm-cache
}

@test "killed at any moment, Dokku works" {
  for moment in '/opt/dokkubase/build-*/package.json' '/opt/dokkubase/build-*/node_modules/zod' \
    '/opt/dokkubase/build-*/release' '/opt/dokkubase/current' '/etc/sv/dokkubase/run'; do
    on_server bash -c 'setsid dokku plugin:install >/dev/null 2>&1 </dev/null & group=$!
      # Until it leads a group of its own there is none to kill.
      while kill -0 "$group" 2>/dev/null && ! kill -0 -- "-$group" 2>/dev/null; do sleep 0.01; done
      until compgen -G "$1" >/dev/null || ! kill -0 "$group" 2>/dev/null; do sleep 0.02; done
      # What is to be released lies there so briefly that a busy machine may see it too late.
      kill -KILL -- "-$group" 2>/dev/null || [[ $1 == */release ]]' bash "$moment"
    dokku_works
  done
}

@test "the next run completes, leaves nothing half done behind, and what Dokku did meanwhile is recorded" {
  plugin install
  answers
  [[ -z $(on_server bash -c 'ls -d /opt/dokkubase/{build-*,switching} 2>/dev/null') ]]
  wait_for eval '(($(recorded events-waiting) == 0 && $(recorded apps) >= 6))'
}
