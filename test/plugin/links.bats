#!/usr/bin/env bats
# The outbox and the links at the plugin's root: what makes Dokku tell.

load stage

setup() {
  stage
}

@test "the outbox belongs to Dokku, and its group may take events out" {
  run linked
  silent
  [[ $(stat -c '%A %U %G' "$OUTBOX") == "drwxrws--- $DOKKU_SYSTEM_USER $DOKKU_SYSTEM_GROUP" ]]
}

@test "every trigger is linked to the plugin's root, and can be run there" {
  linked
  for hook in "$REPO"/triggers/*; do
    name="${hook##*/}"
    [[ $name == event ]] && continue
    [[ -L $AVAILABLE/$name && -x $AVAILABLE/$name && -x $PLUGIN/$name ]] || fail "$name is not linked"
  done
  [[ ! -e $PLUGIN/event && $(readlink "$PLUGIN/update") == install ]]
}

@test "a second run changes nothing, and waiting events stay" {
  linked
  "$PLUGIN/post-deploy" blog
  before="$(cd "$DOKKU_LIB_ROOT" && find . -printf '%p %l %m %u %g %T@\n' | sort)"
  run linked
  silent
  [[ "$(cd "$DOKKU_LIB_ROOT" && find . -printf '%p %l %m %u %g %T@\n' | sort)" == "$before" ]]
}

@test "what a new version listens to no longer loses its link" {
  ln -s event "$AVAILABLE/triggers/post-nothing"
  linked
  [[ -L $PLUGIN/post-nothing ]]
  rm "$AVAILABLE/triggers/post-nothing"
  linked
  [[ ! -L $PLUGIN/post-nothing ]]
}

@test "a folder that cannot be made is told with what to type next" {
  touch "$DOKKU_LIB_ROOT/data"
  run linked
  [[ $status -ne 0 && $output == *'sudo dokku plugin:install'* && ! -e $PLUGIN/post-deploy ]]
}

@test "without Dokku's own functions install still exits 0" {
  rm -r "$DOKKU_LIB_ROOT/core-plugins"
  run "$PLUGIN/install"
  [[ $status -eq 0 ]]
}

@test "install never calls a package tool" {
  run grep -rnE '\b(apt|apt-get|dpkg)\b' "$REPO/install" "$REPO/triggers/uninstall" \
    "$REPO"/ui/host/{account,environment,links,node,panel,places,release,requirements,rights,serve,supervisor,switch}
  [[ -z $output ]]
}
