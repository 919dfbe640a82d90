#!/usr/bin/env bats
# What the gate lets the panel do to apps as a whole, and by which ways to deploy them.

load gate

setup() { gate_stage; }

@test "an app is made, cloned, renamed, locked and destroyed, in exactly these words" {
  local command
  while IFS= read -r command; do
    forget_calls
    # shellcheck disable=SC2086 # Words.
    job apps $command
    read_call
    [[ ${argv[*]} == "$command" ]] || fail "$command became ${argv[*]}"
  done <<'WORDS'
apps:create blog
apps:clone blog blog-2
apps:clone --skip-deploy blog blog-2
apps:rename blog weblog
apps:rename --skip-deploy blog weblog
apps:lock blog
apps:unlock blog
apps:destroy blog --force
builds:cancel blog
git:sync --build blog https://git.example/ada/blog.git
git:sync --build blog git@git.example:ada/blog.git v1.2
git:from-image blog ghcr.io/ada/blog:1.2
WORDS
}

@test "an option more, a name too many or too few, and nothing runs" {
  refused job a apps:create blog --force
  refused job b apps:create blog shop
  refused job c apps:clone --ignore-existing blog shop
  refused job d apps:clone blog
  refused job e apps:rename blog shop --skip-deploy
  refused job f apps:destroy blog shop --force
  refused job g apps:destroy --force blog
  refused job h builds:cancel blog current
  refused job i git:from-image --build-dir /etc blog node:24
  refused job j git:from-image blog node:24 ada ada@shop.example
  refused job k git:from-archive blog https://git.example/blog.tar
  refused job l git:from-archive --archive-type rar blog --
  refused job m git:sync --build blog https://git.example/blog.git main extra
}

@test "an archive of each kind comes by stdin, from a file only" {
  local kind
  printf 'not looked at' >"$BATS_TEST_TMPDIR/archive"
  for kind in tar tar.gz zip; do
    forget_calls
    job "archive-${kind//./-}" git:from-archive --archive-type "$kind" blog -- <"$BATS_TEST_TMPDIR/archive"
    read_call
    [[ ${argv[*]} == "git:from-archive --archive-type $kind blog --" ]]
  done
  run "$GATE" run piped ada -- git:from-archive --archive-type tar blog -- < <(printf x) 3>&- 7<&-
  [[ $status -eq 77 ]]
}
