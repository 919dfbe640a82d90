#!/usr/bin/env bats
# What Dokku would trip over in a plugin's folder, or take for a part of itself.

load stage

setup() {
  stage
  cd "$REPO" || return
}

@test "plugin.toml has what plugn reads, or it panics at every trigger" {
  [[ $(grep -c '^\[plugin\]$' plugin.toml) -eq 1 && $(grep -c '^\[plugin\.config\]$' plugin.toml) -eq 1 ]]
  grep -qE '^description = ".+"$' plugin.toml
  grep -qE '^version = "[0-9]+\.[0-9]+\.[0-9]+"$' plugin.toml
}

@test "exactly one file is named commands, since dokku help runs every one of that name" {
  [[ $(git ls-files -co --exclude-standard | grep -E '(^|/)commands(/|$)') == commands ]]
}

@test "what Dokku runs is executable, also in git" {
  for file in install commands subcommands/* triggers/*; do
    [[ -x $file ]] || fail "$file is not executable"
  done
  run bash -c 'git ls-files -s install commands subcommands triggers | grep -vE "^(100755|120000) "'
  [[ -z $output ]]
}

@test "a trigger is a link to event, but for the two whose arguments need care, and uninstall" {
  scripts="$(find triggers -type f -printf '%f\n' | sort | tr '\n' ' ')"
  [[ $scripts == 'deploy-source-set event post-extract uninstall ' ]]
  [[ $(find triggers -type l -printf '%l\n' | sort -u) == event ]]
}

@test "every trigger that the panel needs is listened to" {
  for name in builds-record-start builds-record-finalize post-extract pre-receive-app post-release-builder \
    post-deploy deploy-source-set post-create post-delete post-app-rename-setup post-app-rename \
    post-app-clone-setup post-config-update post-domains-update post-certs-update post-certs-remove \
    post-proxy-ports-update post-stop pre-start scheduler-post-run retire-container-failed \
    dokkubase-set; do
    [[ -x triggers/$name ]] || fail "$name is missing"
  done
}

@test "no trigger whose output or mere existence Dokku uses" {
  for name in $(ls triggers) $(find . -maxdepth 1 -type l -printf '%f\n'); do
    case "$name" in
      receive-app | receive-branch | user-auth* | builds-generate-id | pre-deploy | app-urls | report) fail "$name" ;;
      *-get | *-get-* | *-list | *-exists | *-detect | *-is-* | *-entries | *-template-source | docker-args-*) fail "$name" ;;
      deployed-app-* | nginx-* | proxy-* | scheduler-run* | scheduler-deploy | core-*) fail "$name" ;;
      pre-build-* | post-build-* | pre-release-* | post-release-dockerfile | post-release-buildpack | post-release-lambda | post-release-pack) fail "$name" ;;
    esac
  done
}

@test "the links that install makes are ignored by git" {
  for name in update $(ls triggers); do
    [[ $name == event ]] || git check-ignore -q "$name" || fail "$name at the root is not ignored"
  done
}

@test "every subcommand has a help line and a test" {
  for subcommand in subcommands/*; do
    name="${subcommand##*/}"
    grep -qE "(subcommands/|dokkubase:|typed )$name\b" test/plugin/*.bats test/host/*.bats
    [[ $name == default ]] || grep -q "dokkubase:$name" commands
  done
}
