#!/usr/bin/env bats
# No credential of a source URL reaches the outbox; what tells where an app came from does.

load stage

setup() {
  installed
}

# Fires with a source and compares what was kept of it.
kept() {
  run "$PLUGIN/deploy-source-set" blog "$1" "$2"
  silent
  read_event
  [[ ${args[0]} == blog && ${args[1]} == "$1" && ${#args[@]} -eq 3 ]]
  [[ ${args[2]} == "$3" ]] || fail "of $2 it kept ${args[2]}, not $3"
  forget_events
}

@test "user, password and token of a git URL stay out" {
  kept git-sync 'https://ada:hunter2@git.test/blog.git#0123abcd' 'https://git.test/blog.git#0123abcd'
  kept git-sync 'https://ghp_hunter2@github.com/o/blog.git#main' 'https://github.com/o/blog.git#main'
  kept git-sync 'https://oauth2:hunter2@git.test:8443/blog.git#v1.0/x' 'https://git.test:8443/blog.git#v1.0/x'
  kept git-sync 'HTTPS://ADA:HUNTER2@GIT.TEST/BLOG#a' 'HTTPS://GIT.TEST/BLOG#a'
  kept git-sync 'http://:hunter2@git.test/blog#a' 'http://git.test/blog#a'
  kept git-sync 'git+https://ada:hunter2@git.test/blog#a' 'git+https://git.test/blog#a'
  kept git-sync 'https://ada:hunter2@[::1]:8080/blog#a' 'https://[::1]:8080/blog#a'
}

@test "the user of an SSH source stays, its password does not" {
  kept git-sync 'git@git.test:ada/blog.git#abc' 'git@git.test:ada/blog.git#abc'
  kept git-sync 'ssh://git@git.test:2222/blog.git#abc' 'ssh://git@git.test:2222/blog.git#abc'
  kept git-sync 'ssh://git:hunter2@git.test/blog.git#abc' 'ssh://git@git.test/blog.git#abc'
  kept git-sync 'ada:hunter2@git.test:blog#abc' 'git.test:blog#abc'
}

@test "tokens in a query or a fragment stay out" {
  kept tar.gz 'https://s3.test/blog.tgz?X-Amz-Signature=hunter2&X-Amz-Credential=x' 'https://s3.test/blog.tgz'
  kept zip 'https://git.test/blog.zip?private_token=hunter2#top' 'https://git.test/blog.zip'
  kept tar 'https://git.test/blog.tar#access_token=hunter2' 'https://git.test/blog.tar'
  kept git-sync 'https://git.test/blog.git?private_token=hunter2#abc' 'https://git.test/blog.git#abc'
}

@test "a password with a raw slash, question mark, hash or at sign stays out" {
  kept git-sync 'https://ada:hunter@2@git.test/blog#abc' 'https://git.test/blog#abc'
  for mark in '#' '?' '/'; do
    "$PLUGIN/deploy-source-set" blog git-sync "https://ada:hunt${mark}er2@git.test/blog#abc"
    read_event
    [[ ${args[2]} != *hunt* ]] || fail "it kept ${args[2]}"
    forget_events
    "$PLUGIN/deploy-source-set" blog tar "https://hunt${mark}er2@git.test"
    read_event
    [[ $mark == / || ${args[2]} != *hunt* ]] || fail "it kept ${args[2]}"
    forget_events
  done
}

@test "a URL within a URL is stripped too" {
  kept git-sync 'https://proxy.test/https://ada:hunter2@git.test/blog#abc' 'https://proxy.test/https://git.test/blog#abc'
  kept tar 'https://proxy.test/get?url=https://ada:hunter2@git.test/blog' 'https://proxy.test/get'
}

@test "what is no URL with credentials stays as it is" {
  kept git-push 0123456789abcdef0123456789abcdef01234567 0123456789abcdef0123456789abcdef01234567
  kept docker-image 'registry.test:5000/ada/blog@sha256:0123' 'registry.test:5000/ada/blog@sha256:0123'
  kept docker-image demo/imgapp:1 demo/imgapp:1
  kept tar -- --
  kept git-sync 'file:///srv/blog.git#abc' 'file:///srv/blog.git#abc'
  kept git-sync '/srv/blog.git#abc' '/srv/blog.git#abc'
  kept tar 'https://files.test/@scope/blog@1.tgz' 'https://files.test/@scope/blog@1.tgz'
  kept git-push '' ''
}

@test "a revision that is none stays out" {
  kept git-sync 'https://git.test/blog#ada:hunter2@x' 'https://git.test/blog'
  kept git-sync 'https://git.test/blog#' 'https://git.test/blog'
}

@test "a source too long to look through stays out, and is not looked through by trial and error" {
  printf -v long 'https://%*s@git.test/blog#abc' 120000 hunter2
  run timeout 180 "$PLUGIN/deploy-source-set" blog git-sync "$long"
  silent
  read_event
  [[ -z ${args[2]} ]]
  forget_events
  for part in '@' ':' '://' '#' '/'; do
    printf -v long '%*s' 1365 ''
    run timeout 180 "$PLUGIN/deploy-source-set" blog git-sync "https://${long// /$part}x"
    silent
  done
}

@test "the other arguments and fields are those of every event" {
  export DOKKU_BUILD_ID=mwsle8vgalg1sr SSH_NAME=laptop
  run "$PLUGIN/deploy-source-set" $'blog\n' tar https://a:b@files.test/x 'later Dokku' ''
  silent
  read_event
  expected=($'blog\n' tar https://files.test/x 'later Dokku' '')
  [[ "${args[*]@Q}" == "${expected[*]@Q}" && ${fields[3]} == mwsle8vgalg1sr && ${fields[8]} == laptop ]]
  [[ ${fields[2]} == deploy-source-set ]]
}
