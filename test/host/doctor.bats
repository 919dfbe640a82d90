#!/usr/bin/env bats
# `dokku dokkubase:doctor` finds what was broken on purpose, says what to type, and changes nothing. One server for all
# tests; each mends what it broke.

load stage
load panel

setup_file() {
  panel_up
  on_server dokku dokkubase:setup panel.example.com >/dev/null
  certificate_of dokkubase panel.example.com >/dev/null
  keep_server
}

teardown_file() {
  server_down
}

finds() {
  typed doctor
  ended 1
  said "$1"
  said "Type: $2"
}

@test "where all is well it says so, line by line, and ends with 0" {
  typed doctor
  ended 0
  [[ -z $stderr ]]
  for what in 'Dokku is 0.38.27' 'sudo knows the panel' 'Dokku tells the panel what it does' 'Refused as config: ' \
    "Docker's events are read" 'The panel answers' \
    'The database is whole' 'Events are recorded as they happen' 'leads to the panel' \
    'nginx answers for it at https://panel.example.com' 'It has a certificate until'; do
    said "-----> $what" || said "$what"
  done
}

@test "an outbox that a containerised Dokku gave to itself" {
  on_server chown dokku:dokku /var/lib/dokku/data/dokkubase/outbox
  finds '/outbox is dokku:dokku:2770, not dokku:dokkubase:2770' 'sudo dokku plugin:install'
  on_server chown dokku:dokkubase /var/lib/dokku/data/dokkubase/outbox
  on_server chmod 2770 /var/lib/dokku/data/dokkubase/outbox
}

@test "an outbox that is deleted is there again at once, and what it cost stands among the events" {
  on_server rm -r /var/lib/dokku/data/dokkubase/outbox
  wait_for on_server test -d /var/lib/dokku/data/dokkubase/outbox
  [[ $(on_server stat -c %U:%G:%a /var/lib/dokku/data/dokkubase/outbox) == dokku:dokkubase:2770 ]]
  wait_for on_server bash -c 'dokku dokkubase:events | grep -q "The outbox was missing"'
}

@test "a build log that the panel cannot read" {
  on_server install -D -o dokku -m 0600 /dev/null /var/lib/dokku/data/builds/blog/b1.log
  finds 'A build log cannot be read: /var/lib/dokku/data/builds/blog/b1.log' 'sudo chmod -R o+rX /var/lib/dokku/data/builds'
  on_server rm -r /var/lib/dokku/data/builds/blog
}

@test "a name that would move the cursor is shown, not obeyed" {
  on_server install -D -o dokku -m 0600 /dev/null $'/var/lib/dokku/data/builds/blog/b\e[2J\xe2\x80\xae1.log'
  finds 'A build log cannot be read: /var/lib/dokku/data/builds/blog/b\u001b[2J\u202e1.log' 'sudo chmod'
  [[ $stderr != *$'\e[2J'* && $stderr != *$'\xe2\x80\xae'* ]]
  on_server rm -r /var/lib/dokku/data/builds/blog
}

@test "a trigger whose link is gone" {
  on_server mv /var/lib/dokku/plugins/available/dokkubase/post-create /tmp
  finds 'Dokku does not tell of: post-create' 'sudo dokku plugin:install'
  on_server mv /tmp/post-create /var/lib/dokku/plugins/available/dokkubase
}

@test "a list of refused config keys that is of another Dokku, or not there" {
  on_server sed -i '1s/.*/# Dokku 0.38.25/' /opt/dokkubase/script-names
  finds 'may not be refused: # Dokku 0.38.25' 'sudo dokku plugin:install'
  on_server mv /opt/dokkubase/script-names /tmp
  finds 'may not be refused: /opt/dokkubase/script-names is not there' 'sudo dokku plugin:install'
  on_server mv /tmp/script-names /opt/dokkubase/script-names
  on_server sed -i '1s/.*/# Dokku 0.38.27/' /opt/dokkubase/script-names
}

names_image() { typed doctor && [[ $stderr == *IMAGE* ]]; }
names_no_image() { typed doctor && [[ $stderr != *IMAGE* ]]; }

@test "an app that has config which Dokku's scripts obey" {
  on_server dokku apps:create shop >/dev/null
  on_server dokku config:set --no-restart shop IMAGE=x COLOR=red >/dev/null
  wait_for names_image
  finds 'shop has config that Dokku or its programs on the server obey: IMAGE' 'dokku config:unset --no-restart shop IMAGE'
  on_server dokku apps:destroy shop --force >/dev/null
  wait_for names_no_image
}

@test "a panel that is stopped" {
  on_server dokku dokkubase:stop
  finds 'The panel does not answer' 'dokku dokkubase:restart; dokku dokkubase:logs'
  on_server dokku dokkubase:start
}

@test "a front app that leads elsewhere" {
  on_server dokku network:set dokkubase static-web-listener 127.0.0.1:4000
  finds 'The app dokkubase does not lead to the panel any more' 'dokku dokkubase:setup'
  on_server dokku network:set dokkubase static-web-listener 127.0.0.1:3999
}

@test "an nginx that keeps an old configuration" {
  on_server_script <<'BASH'
cp /home/dokku/dokkubase/nginx.conf /tmp/nginx.conf
sed -i 's/127.0.0.1:3999/127.0.0.1:3998/' /home/dokku/dokkubase/nginx.conf
nginx -s reload
BASH
  wait_for led_elsewhere
  finds 'nginx does not lead https://panel.example.com to the panel, it answers 502' 'sudo nginx -t && sudo systemctl restart nginx'
  on_server bash -c 'cp /tmp/nginx.conf /home/dokku/dokkubase/nginx.conf && nginx -s reload'
}

led_elsewhere() {
  typed doctor
  [[ $stderr == *'nginx does not lead'* ]]
}

@test "sudo's rules that are gone" {
  on_server mv /etc/sudoers.d/dokkubase /tmp
  finds 'sudo does not let dokku reach the panel' 'sudo visudo -c; sudo dokku plugin:install'
  on_server mv /tmp/dokkubase /etc/sudoers.d
}

@test "a panel that sudo does not let reach Dokku" {
  on_server cp /etc/sudoers.d/dokkubase /tmp
  on_server sed -i 's|/opt/dokkubase/current/gate/gate, ||' /etc/sudoers.d/dokkubase
  finds 'sudo does not let the panel reach Dokku' 'sudo visudo -c; sudo dokku plugin:install'
  on_server mv /tmp/dokkubase /etc/sudoers.d
}

@test "a Dokku that the gate does not find" {
  on_server install -D -m 0755 /usr/bin/dokku /opt/dokku/bin/dokku
  on_server mv /usr/bin/dokku /tmp
  run --separate-stderr on_server /opt/dokku/bin/dokku dokkubase:doctor
  on_server mv /tmp/dokku /usr/bin/dokku
  ended 1
  said 'Dokku does not answer the panel: '
  said 'No such file or directory'
  said 'The command dokku is not in '
}

@test "an old Dokku" {
  on_server bash -c 'echo 0.37.0 >/var/lib/dokku/VERSION'
  finds 'Dokku is 0.37.0, the panel needs 0.38.25' 'sudo apt-get update'
  on_server bash -c 'echo 0.38.27 >/var/lib/dokku/VERSION'
}

@test "nothing was changed by looking" {
  typed doctor
  ended 0
}
