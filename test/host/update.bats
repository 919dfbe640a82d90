#!/usr/bin/env bats
# `dokku plugin:update dokkubase`: the new release comes up, or the old one returns with the data it had.

load stage
load install

setup_file() {
  make_installed_layer
  installed_up
  on_server dokku apps:create blog >/dev/null
  wait_for eval '(($(recorded events) > 0))'
}

teardown_file() {
  server_down
}

@test "links that the panel's user lays in its folders lead root nowhere, and what cannot be copied is not updated" {
  old="$(live)"
  publish 9.1.0 <<<''
  on_server_as dokkubase bash -c 'cd /var/lib/dokkubase && ln -s /etc backups && ln -s /etc/shadow returned.db'
  before="$(on_server find /etc -name '*.db*' -o -name shadow -printf '%p %s %u')"
  plugin update dokkubase
  said 'could not be copied first'
  [[ "$(on_server find /etc -name '*.db*' -o -name shadow -printf '%p %s %u')" == "$before" && $(live) == "$old" ]]
  wait_for answers
  on_server_as dokkubase rm /var/lib/dokkubase/backups
}

@test "a new version goes live beside the old, its data copied first; two runs at once do it once; nothing is lost" {
  old="$(live)" events="$(recorded events)"
  on_server bash -c 'dokku plugin:update dokkubase & dokku plugin:install & sleep 0.5; dokku apps:create meanwhile >/dev/null; wait' \
    >"$BATS_TEST_TMPDIR/said" 2>&1
  [[ $(grep -c 'dokkubase 9.1.0-.* runs' "$BATS_TEST_TMPDIR/said") -eq 1 ]]
  [[ $(live) == releases/9.1.0-* && $(on_server readlink /opt/dokkubase/before) == "$old" ]]
  [[ $(on_server curl -s http://127.0.0.1:3999/healthz) == *9.1.0* ]]
  wait_for eval '(($(recorded events) > events))'
  copy="/var/lib/dokkubase/backups/before-$(live | cut -d/ -f2).db"
  [[ $(on_server stat -c '%a %U' "$copy") == '600 dokkubase' ]]
}

@test "one that does not come up gives way to the old, with the data as they were, said loudly, exit 0" {
  old="$(live)" events="$(recorded events)"
  # It throws away what was recorded, and then falls over
  publish 9.2.0 <<'SCRIPT'
cd ui/database/migrations
jq '.entries += [.entries[-1] | .idx += 1 | .when = 4000000000000 | .tag = "9999_worse"]' meta/_journal.json >new
mv new meta/_journal.json
echo 'DROP TABLE deployments;' >9999_worse.sql
sed -i '1i if (process.argv[2] === "serve") throw new Error("worse than before")' ../../main.ts
SCRIPT
  plugin update dokkubase
  said '9.2.0-'
  said 'worse than before'
  said "runs again with the data it had"
  [[ $(live) == "$old" && $(recorded deployments) == 0 ]]
  (($(recorded events) >= events))
  on_server dokku apps:create after >/dev/null
  wait_for eval '(($(recorded events) > events))'
}

@test "the one gone back to is started, stopped and looked at as before" {
  on_server dokku dokkubase:restart
  wait_for answers
  run on_server dokku dokkubase:doctor
  said 'sudo knows the panel'
  run on_server dokku dokkubase:report
  said 'runit run'
}

@test "what did not come up is not tried again by every plugin:install, and nothing old is kept but one" {
  plugin install
  said 'To try again: sudo dokku plugin:update dokkubase'
  answers
  on_server bash -c 'cd /srv/git/dokkubase.git && git reset -q --hard HEAD~1'
  on_server git -C /var/lib/dokku/plugins/available/dokkubase reset -q --hard HEAD~1
  plugin install
  [[ $(on_server ls /opt/dokkubase/releases | wc -l) == 2 ]]
  answers
}
