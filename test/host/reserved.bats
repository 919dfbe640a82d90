#!/usr/bin/env bats
# The keys of config that a server refuses are derived from the scripts of its Dokku and plugins, whenever these change.

load stage
load install

setup_file() {
  make_installed_layer
  installed_up
  on_server dokku apps:create blog >/dev/null
}

teardown_file() {
  server_down
}

NAMES=/opt/dokkubase/script-names
GATE=/opt/dokkubase/current/gate/gate

# Asks the gate, as the panel does, to set a key.
ask() {
  on_server bash -c 'printf "{\"%s\":\"x\"}" "$1" >/tmp/config && chmod 644 /tmp/config' bash "$1"
  run --separate-stderr on_server_as dokkubase \
    bash -c 'sudo -n -u dokku -- "$0" run "config-$RANDOM$RANDOM" ada -- config:import --no-restart --format json blog - </tmp/config' "$GATE"
}

refused() {
  ask "$1"
  [[ $status -eq 77 && $stderr == *"$1"* ]] || fail "$1: exit $status, $output$stderr"
}

passes() {
  ask "$1"
  [[ $status -eq 0 ]] || fail "$1: exit $status, $output$stderr"
}

# A plugin whose post-build reads a variable: `plugin_reading NAME`.
plugin_reading() {
  on_server bash -c 'mkdir -p /srv/git/tea.git && cd /srv/git/tea.git && { [[ -d .git ]] || git init -q -b main; }
    printf "#!/usr/bin/env bash\necho \"\$%s\"\n" "$1" >post-build && chmod +x post-build
    printf "[plugin]\ndescription = \"tea\"\nversion = \"1\"\n[plugin.config]\n" >plugin.toml
    git add -A && git -c user.name=Ada -c user.email=ada@example.com commit -qm "$1"' bash "$1"
}

@test "the list is there, of this Dokku, root's, and holds what its scripts read" {
  run on_server cat "$NAMES"
  [[ ${lines[0]} == '# Dokku 0.38.27' && ${lines[1]} == '# From '* ]]
  grep -qx DOKKU_ROOT <<<"$output"
  run ! grep -vE '^(# .*|[A-Za-z_][A-Za-z0-9_]*)$' <<<"$output"
  refused IMAGE
  passes COLOR
}

@test "of a Dokku made from source, in /usr/local/bin, they are derived as well" {
  on_server rm "$NAMES"
  on_server mv /usr/bin/dokku /usr/local/bin/dokku
  run on_server /opt/dokkubase/current/host/script-names
  on_server mv /usr/local/bin/dokku /usr/bin/dokku
  [[ $status -eq 0 ]] || fail "exit $status: $output"
  on_server grep -qx DOKKU_ROOT "$NAMES"
}

@test "a plugin that is installed or updated has its names refused from then on" {
  passes TEA_ONE
  plugin_reading TEA_ONE
  plugin install file:///srv/git/tea.git
  refused TEA_ONE
  passes TEA_TWO
  plugin_reading TEA_TWO
  plugin update tea
  refused TEA_TWO
  passes TEA_ONE
}

@test "a Dokku that was updated by its package, of which no plugin is told, has its names refused at the next change of config" {
  passes NEW_LOCAL
  on_server bash -c 'cd /var/lib/dokku/core-plugins/available && mkdir -p tea-vhosts && printf "%s\n" "#!/usr/bin/env bash" \
    "brew() { local NEW_LOCAL=x; eval \"\$(config_export app \"\$1\")\"; sh \"\$NEW_LOCAL\"; }" >tea-vhosts/functions
    echo 0.39.0 >/var/lib/dokku/VERSION'
  refused NEW_LOCAL
  [[ $(on_server head -n 1 "$NAMES") == '# Dokku 0.39.0' ]]
}

@test "the panel learns what is refused, and says it in the form" {
  run on_server_as dokkubase sudo -n -u dokku -- "$GATE" reserved
  grep -qx 'script NEW_LOCAL' <<<"$output"
  grep -qx 'program LD_PRELOAD' <<<"$output"
}

@test "where nothing changed the list is not written again" {
  before="$(on_server stat -c '%i %z' "$NAMES")"
  plugin install
  refused NEW_LOCAL
  [[ $(on_server stat -c '%i %z' "$NAMES") == "$before" ]]
}

@test "scripts are read as dokku, and nothing of them is run" {
  on_server bash -c 'cd /var/lib/dokku/plugins/available/tea && printf "%s\n" "#!/usr/bin/env bash" \
      "\$(id >/tmp/ran) \`id >/tmp/ran\`; id >/tmp/ran; : <(id >/tmp/ran) \${HOSTILE:=\$(id >/tmp/ran)}" >post-deploy
    printf "%s\n" "#!/usr/bin/env bash" "echo \$ROOTS_OWN" >secret && chown root secret && chmod 0600 secret
    ln -s /etc/shadow shadow; mkfifo pipe; ln -s / everything'
  refused HOSTILE
  passes ROOTS_OWN
  run ! on_server test -e /tmp/ran
  run ! on_server grep -q root "$NAMES"
  on_server bash -c 'cd /var/lib/dokku/plugins/available/tea && rm post-deploy secret shadow pipe everything'
}

@test "a list that was tampered with is derived anew, and a link is not followed" {
  on_server bash -c 'echo COLOR >>"$0" && chown dokku "$0"' "$NAMES"
  passes COLOR
  refused NEW_LOCAL
  on_server bash -c 'echo COLOR >>"$0" && chmod 0666 "$0"' "$NAMES"
  passes COLOR
  on_server bash -c 'echo COLOR >/tmp/target && ln -sf /tmp/target "$0"' "$NAMES"
  passes COLOR
  refused NEW_LOCAL
  [[ $(on_server cat /tmp/target) == COLOR && $(on_server stat -c '%F %a %U' "$NAMES") == 'regular file 644 root' ]]
  on_server truncate -s 0 "$NAMES"
  refused NEW_LOCAL
}

@test "Dokku's user may have it derived, without a word more, and the panel's may not" {
  on_server_as dokku sudo -n /opt/dokkubase/current/host/script-names
  run on_server_as dokku sudo -n /opt/dokkubase/current/host/script-names x
  [[ $status -ne 0 ]]
  run on_server_as dokkubase sudo -n /opt/dokkubase/current/host/script-names
  [[ $status -ne 0 ]]
  run on_server_as dokku bash -c "echo COLOR >>$NAMES; mv $NAMES /tmp/x; rm -f $NAMES"
  [[ $(on_server head -n 1 "$NAMES") == '# Dokku 0.39.0' ]]
}

@test "where it cannot be derived install says so loudly and exits 0, and what was known is still refused" {
  on_server bash -c 'mv "$(readlink -f /opt/dokkubase/current)/dist/script-names.js" /tmp && echo >>/usr/bin/dokku'
  plugin install
  said "variables of Dokku's scripts could not be derived"
  said 'sudo dokku plugin:install'
  refused NEW_LOCAL
  on_server rm "$NAMES"
  refused IMAGE
  refused LD_PRELOAD
  passes NEW_LOCAL
  run on_server dokku dokkubase:doctor
  said 'may not be refused'
  on_server bash -c 'mv /tmp/script-names.js "$(readlink -f /opt/dokkubase/current)/dist/"'
  plugin install
  [[ -z $output ]] || fail "said: $output"
  refused NEW_LOCAL
}
