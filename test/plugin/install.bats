#!/usr/bin/env bats
# `install` makes the outbox and the links; it never ends another plugin's install.

load stage

setup() {
  stage
}

@test "the outbox belongs to Dokku, and its group may take events out" {
  run --separate-stderr "$PLUGIN/install"
  silent
  [[ $(stat -c '%A %U %G' "$OUTBOX") == "drwxrws--- $DOKKU_SYSTEM_USER $DOKKU_SYSTEM_GROUP" ]]
}

@test "every trigger is linked to the plugin's root, and can be run there" {
  "$PLUGIN/install"
  for hook in "$REPO"/triggers/*; do
    name="${hook##*/}"
    [[ $name == event ]] && continue
    [[ -L $AVAILABLE/$name && -x $AVAILABLE/$name && -x $PLUGIN/$name ]] || fail "$name is not linked"
  done
  [[ ! -e $PLUGIN/event ]]
}

@test "plugin:update, which fires no install, installs" {
  "$PLUGIN/install"
  rm "$PLUGIN/post-deploy"
  run --separate-stderr "$PLUGIN/update"
  silent
  [[ -x $PLUGIN/post-deploy ]]
}

@test "a second run changes nothing, and waiting events stay" {
  "$PLUGIN/install"
  "$PLUGIN/post-deploy" blog
  before="$(cd "$DOKKU_LIB_ROOT" && find . -printf '%p %l %m %u %g\n' | sort)"
  run --separate-stderr "$PLUGIN/install"
  silent
  [[ "$(cd "$DOKKU_LIB_ROOT" && find . -printf '%p %l %m %u %g\n' | sort)" == "$before" ]]
}

@test "it changes no tracked file and leaves none that git would see" {
  git -C "$AVAILABLE" init -q
  cp "$REPO/.gitignore" "$AVAILABLE"
  git -C "$AVAILABLE" add . && git -C "$AVAILABLE" -c user.name=a -c user.email=a@b commit -qm all
  "$PLUGIN/install"
  [[ -z $(git -C "$AVAILABLE" status --porcelain) ]]
}

@test "what a new version listens to no longer loses its link" {
  ln -s event "$AVAILABLE/triggers/post-nothing"
  "$PLUGIN/install"
  [[ -L $PLUGIN/post-nothing ]]
  rm "$AVAILABLE/triggers/post-nothing"
  "$PLUGIN/install"
  [[ ! -L $PLUGIN/post-nothing ]]
}

@test "a Dokku too old is told loudly, left without links, and exit 0" {
  for version in 0.38.24 v0.37.9 0.9.0; do
    echo "$version" >"$DOKKU_LIB_ROOT/VERSION"
    run --separate-stderr "$PLUGIN/install"
    # shellcheck disable=SC2154 # Set by `run`.
    [[ $status -eq 0 && $stderr == *'needs Dokku 0.38.25'* && ! -e $PLUGIN/post-deploy ]]
  done
  for version in 0.38.25 v0.38.27 0.40.0 1.0.0 main; do
    echo "$version" >"$DOKKU_LIB_ROOT/VERSION"
    run --separate-stderr "$PLUGIN/install"
    silent
    [[ -x $PLUGIN/post-deploy ]]
    rm "$PLUGIN/post-deploy"
  done
}

@test "a folder that cannot be made is told with what to type next, and exit 0" {
  touch "$DOKKU_LIB_ROOT/data"
  run --separate-stderr "$PLUGIN/install"
  [[ $status -eq 0 && $stderr == *'sudo dokku plugin:install'* && ! -e $PLUGIN/post-deploy ]]
}

@test "without Dokku's own functions it still exits 0" {
  rm -r "$DOKKU_LIB_ROOT/core-plugins"
  run "$PLUGIN/install"
  [[ $status -eq 0 ]]
}

@test "it never calls a package tool or the network" {
  run grep -nE '\b(apt|apt-get|dpkg|curl|wget|npm|pip)\b' "$REPO/install"
  [[ -z $output ]]
}
