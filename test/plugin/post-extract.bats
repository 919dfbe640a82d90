#!/usr/bin/env bats
# The commit of a build is noted when its code is laid out, for a refused push takes it away again.

load stage

setup() {
  installed
  export DOKKU_ROOT="$BATS_TEST_TMPDIR/home/dokku"
  APP="$DOKKU_ROOT/blog"
  WORK="$BATS_TEST_TMPDIR/work"
  export GIT_AUTHOR_NAME='Ada Lovelace' GIT_AUTHOR_EMAIL=ada@blog.test GIT_AUTHOR_DATE='1795404000 +0100'
  export GIT_COMMITTER_NAME=Committer GIT_COMMITTER_EMAIL=c@blog.test
  mkdir -p "$DOKKU_ROOT"
  git init -q --bare "$APP"
  # On a busy machine git needs longer than a deploy would wait for it
  sed -i 's/read -r -t 2 /read -r -t 180 /' "$AVAILABLE/triggers/post-extract"
}

# Makes a commit with this message in the app's repository; its name in `revision`.
commit() {
  local tree
  tree="$(git --git-dir="$APP" mktree </dev/null)"
  revision="$(git --git-dir="$APP" commit-tree "$tree" -F - <<<"$1")"
}

extract() {
  run timeout 300 "$PLUGIN/post-extract" blog /tmp/checkout "$1"
  silent
  read_event
  note="${fields[12]}"
}

@test "author, address, time and subject are noted" {
  commit $'Say hello\n\nand why.'
  extract "$revision"
  [[ $note == $'Ada Lovelace\nada@blog.test\n1795404000\nSay hello' ]]
  [[ ${fields[2]} == post-extract && ${args[*]} == "blog /tmp/checkout $revision" ]]
}

@test "in a build the fifth line is its process, also where no commit is known" {
  commit 'Say hello'
  DOKKU_BUILD_ID=mwsle8vgalg1sr DOKKU_PID=$$ extract "$revision"
  [[ $note == $'Ada Lovelace\nada@blog.test\n1795404000\nSay hello\n'"$$ ("* ]]
  forget_events
  DOKKU_BUILD_ID=mwsle8vgalg1sr DOKKU_PID=$$ extract 0123456789abcdef0123456789abcdef01234567
  [[ $note == $'\n\n\n\n'"$$ ("* ]]
}

@test "a push that is still being received is read from its quarantine" {
  cat >"$APP/hooks/pre-receive" <<HOOK
#!/bin/bash
read -r _ new _
cd /
# As Dokku does it
unset GIT_DIR GIT_QUARANTINE_PATH GIT_WORK_TREE
'$PLUGIN/post-extract' blog /tmp/checkout "\$new"
exit 1
HOOK
  chmod +x "$APP/hooks/pre-receive"
  git init -q "$WORK"
  git -C "$WORK" commit -q --allow-empty -m 'Refused in the end'
  run git -C "$WORK" push -q "$APP" HEAD:refs/heads/main
  [[ $status -ne 0 ]]
  read_event
  [[ ${fields[12]} == *$'\nRefused in the end' ]]
  run git --git-dir="$APP" cat-file -e "${args[2]}"
  [[ $status -ne 0 ]]
}

@test "a subject of a megabyte is cut, newlines and NULs in it end nothing" {
  commit "$(head -c 1000000 /dev/zero | tr '\0' s)"
  extract "$revision"
  [[ ${#note} -eq 4096 && $note == $'Ada Lovelace\nada@blog.test\n1795404000\nsss'* ]]
  forget_events
  commit $'two\nlines'
  extract "$revision"
  [[ $note == *$'\ntwo lines' ]]
  forget_events
  revision="$(printf 'tree %s\nauthor A\r\e[2J <a@b> 1 +0000\ncommitter C <c@d> 1 +0000\n\nnul\0 here' \
    "$(git --git-dir="$APP" mktree </dev/null)" | git --git-dir="$APP" hash-object -w -t commit --literally --stdin)"
  extract "$revision"
  [[ $note == $'A\r\e[2J\na@b\n1\nnul'* ]]
  [[ ${#fields[@]} -eq 17 ]]
}

@test "letters of another encoding come as UTF-8" {
  git --git-dir="$APP" config i18n.commitEncoding ISO-8859-1
  commit $'caf\xe9'
  extract "$revision"
  [[ $note == *$'\ncaf\xc3\xa9' ]]
}

@test "a revision that is none, or of no repository, leaves an event without a note" {
  commit hello
  for other in '' HEAD --output=/tmp/x '-1' 0123456789abcdef0123456789abcdef01234567 "$revision^" "$revision"$'\n' '..'; do
    extract "$other"
    [[ -z $note && ${args[2]} == "$other" ]]
    forget_events
  done
  for app in '' . .. ../blog blog/../blog nowhere -blog; do
    run "$PLUGIN/post-extract" "$app" /tmp/checkout "$revision"
    silent
    read_event
    [[ -z ${fields[12]} && ${args[0]} == "$app" ]]
    forget_events
  done
}

@test "a git that hangs holds no deploy up for longer than the hook says, and is gone then" {
  cp "$REPO/triggers/post-extract" "$AVAILABLE/triggers"
  grep -q 'read -r -t 2 ' "$AVAILABLE/triggers/post-extract"
  commit hello
  mkfifo "$APP/objects/info/alternates"
  extract "$revision"
  [[ -z $note ]]
  eventually no_git
}

no_git() { ! pgrep -f -- "--git-dir=$APP" >/dev/null; }

@test "no config makes git run anything: the repository's, the user's, the environment's" {
  commit hello
  evil="$BATS_TEST_TMPDIR/evil"
  printf '#!/bin/sh\ntouch "%s/reached"\n' "$BATS_TEST_TMPDIR" >"$evil"
  chmod +x "$evil"
  for file in "$APP/config" "$HOME/.gitconfig"; do
    for key in core.fsmonitor core.pager core.sshCommand core.editor core.askPass gpg.program diff.external \
      pager.log alias.log diff.x.textconv credential.helper core.alternateRefsCommand; do
      git config --file "$file" "$key" "$evil"
    done
    git config --file "$file" log.showSignature true
    git config --file "$file" core.hooksPath "$BATS_TEST_TMPDIR"
    git config --file "$file" mailmap.file "$evil"
  done
  GIT_PAGER="$evil" GIT_EXTERNAL_DIFF="$evil" GIT_SSH_COMMAND="$evil" GIT_EXEC_PATH="$BATS_TEST_TMPDIR" PAGER="$evil" \
    GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.fsmonitor GIT_CONFIG_VALUE_0="$evil" GIT_DIR="$BATS_TEST_TMPDIR" \
    GIT_TRACE="$BATS_TEST_TMPDIR/reached" GIT_TRACE2="$BATS_TEST_TMPDIR/reached" extract "$revision"
  [[ $note == *$'\nhello' && ! -e $BATS_TEST_TMPDIR/reached ]]
}

@test "a commit that is missing is not fetched from anywhere" {
  commit hello
  git --git-dir="$APP" config extensions.partialClone origin
  git --git-dir="$APP" config core.repositoryFormatVersion 1
  git --git-dir="$APP" config remote.origin.promisor true
  git --git-dir="$APP" config remote.origin.url "ext::touch $BATS_TEST_TMPDIR/reached"
  git --git-dir="$APP" config protocol.ext.allow always
  extract 0123456789abcdef0123456789abcdef01234567
  [[ -z $note && ! -e $BATS_TEST_TMPDIR/reached ]]
}

# The system calls of the hook and of what it starts, a file a process: in one file, calls of two processes that run at
# once come cut in halves.
trace() {
  run strace -ff -qq -e "trace=$1" -o "$BATS_TEST_TMPDIR/calls" "${@:2}"
  silent
  calls=("$BATS_TEST_TMPDIR"/calls.*)
}

@test "it forks once, into git, and git starts nothing" {
  commit hello
  trace process "$PLUGIN/post-extract" blog /tmp/checkout "$revision"
  [[ ${#calls[@]} -eq 2 ]]
  [[ $(cat "${calls[@]}" | grep -cE '^v?(fork|clone3?)\(.* = [0-9]') -eq 1 ]]
  [[ $(cat "${calls[@]}" | grep -c '^execve("') -eq 2 ]]
  grep -q '^execve("/usr/bin/git"' "${calls[@]}"
}

@test "git holds neither the deploy's lock nor its output" {
  commit hello
  exec 200>"$BATS_TEST_TMPDIR/lock" 9>"$BATS_TEST_TMPDIR/nine"
  trace execve,close "$PLUGIN/post-extract" blog /tmp/checkout "$revision"
  exec 200>&- 9>&-
  git="$(grep -l '^execve("/usr/bin/git"' "${calls[@]}")"
  before="$(sed '/^execve("\/usr\/bin\/git"/q' "$git")"
  grep -q '^close(200) *= 0' <<<"$before"
  grep -q '^close(9) *= 0' <<<"$before"
}
