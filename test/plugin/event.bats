#!/usr/bin/env bats
# What every hook promises to a deploy.

load stage

setup() {
  installed
}

fire() {
  run "$PLUGIN/$1" "${@:2}"
}

@test "an event is one file, named by its id, that holds who, what and for which build" {
  export DOKKU_BUILD_ID=mwsle8vgalg1sr DOKKU_BUILD_SOURCE=git-hook DOKKU_BUILD_LOG_FILE=/var/log/x.log
  export DOKKU_COMMAND=git-hook SSH_USER=dokku SSH_NAME=laptop FINGERPRINT=SHA256:abc SUDO_USER=ada
  fire post-deploy blog '' '' latest
  silent
  read_event
  [[ $(ls "$OUTBOX") == "${fields[1]}" ]]
  [[ ${fields[1]} =~ ^[0-9]{10}\.[0-9]{6}-[0-9]+-[0-9]+$ ]]
  login="$(cat /proc/self/loginuid)"
  expected=(1 "${fields[1]}" post-deploy mwsle8vgalg1sr git-hook /var/log/x.log git-hook dokku laptop SHA256:abc ada
    "$login" '' 4 blog '' '' latest)
  [[ "${fields[*]@Q}" == "${expected[*]@Q}" ]]
}

@test "every trigger there is leaves an event of its own name" {
  for hook in "$PLUGIN"/triggers/*; do
    name="${hook##*/}"
    # One is no hook of a deploy
    [[ $name == event || $name == uninstall ]] && continue
    fire "$name" blog one two three
    silent
    read_event
    [[ ${fields[2]} == "$name" && ${args[0]} == blog && ${#args[@]} -eq 4 ]]
    forget_events
  done
}

@test "nothing in the environment of a plain hook is left out or made up" {
  run env -i DOKKU_LIB_ROOT="$DOKKU_LIB_ROOT" "$PLUGIN/post-create" blog
  silent
  read_event
  expected=(1 "${fields[1]}" post-create '' '' '' '' '' '' '' '' "$(cat /proc/self/loginuid)" '' 1 blog)
  [[ "${fields[*]@Q}" == "${expected[*]@Q}" ]]
}

@test "a folder that is missing, a file or a dangling link is silence and exit 0" {
  for hook in post-deploy deploy-source-set post-extract; do
    rm -rf "$OUTBOX"
    fire "$hook" blog git-sync abc
    silent
    touch "$OUTBOX"
    fire "$hook" blog git-sync abc
    silent
    rm "$OUTBOX"
    ln -s /nowhere "$OUTBOX"
    fire "$hook" blog git-sync abc
    silent
    rm "$OUTBOX"
    mkdir "$OUTBOX"
  done
  rm -rf "$DOKKU_LIB_ROOT/data"
  fire post-deploy blog
  silent
}

@test "a read-only outbox is silence and exit 0" {
  for hook in post-deploy deploy-source-set post-extract; do
    run apart bash -c 'mount -t tmpfs -o ro none "$1" && shift && "$@"' - "$OUTBOX" "$PLUGIN/$hook" blog git-sync abc
    silent
  done
}

@test "a full disk is silence and exit 0, and what lies there is not taken for an event" {
  for hook in post-deploy deploy-source-set post-extract; do
    run apart bash -c '
      mount -t tmpfs -o size=16k none "$1" && head -c 1M /dev/zero >"$1/ballast" 2>/dev/null
      "${@:2}" || exit
      rm "$1/ballast" && cat "$1"/* | wc -c' - "$OUTBOX" "$PLUGIN/$hook" blog git-sync abc
    [[ $status -eq 0 && $output == 0 ]]
  done
}

@test "stdin is left whole to the hooks after it" {
  for hook in post-deploy deploy-source-set post-extract builds-record-start; do
    run bash -c '{ "$@"; cat; } <<<"for somebody else"' - "$PLUGIN/$hook" blog git-sync abc
    [[ $status -eq 0 && $output == 'for somebody else' ]]
  done
}

@test "a hook does not wait for its stdin" {
  mkfifo "$BATS_TEST_TMPDIR/never"
  run timeout 180 "$PLUGIN/post-deploy" blog 0<>"$BATS_TEST_TMPDIR/never"
  silent
}

@test "closed stdin, stdout and stderr hinder nothing" {
  for hook in post-deploy deploy-source-set post-extract; do
    run bash -c '"$@" <&- >&- 2>&-' - "$PLUGIN/$hook" blog git-sync abc
    silent
    read_event
    [[ ${args[0]} == blog ]]
    forget_events
  done
}

@test "a hook is one process and starts no other" {
  for hook in post-deploy builds-record-start post-config-update deploy-source-set; do
    run strace -f -qq -e trace=process -o "$BATS_TEST_TMPDIR/calls" "$PLUGIN/$hook" blog git-sync abc
    silent
    [[ $(grep -c execve "$BATS_TEST_TMPDIR/calls") -eq 1 ]]
    run grep -E 'fork|clone' "$BATS_TEST_TMPDIR/calls"
    [[ -z $output ]]
  done
}

@test "a hook opens nothing but the login uid and its own event, and reads no stdin" {
  run strace -f -qq -e trace=openat,read -o "$BATS_TEST_TMPDIR/calls" "$PLUGIN/post-deploy" blog
  silent
  opened="$(sed -n '/post-deploy/,$p' "$BATS_TEST_TMPDIR/calls" | grep -o 'openat([^,]*, "[^"]*"' | cut -d'"' -f2 | tail -n +2)"
  [[ $opened == /dev/null$'\n'/proc/self/loginuid$'\n'"$OUTBOX"/* ]]
}

@test "bash builtins only: no fork, pipe, background job, source or eval in the text" {
  for script in event deploy-source-set; do
    text="$(grep -v '^ *#' "$REPO/triggers/$script" | sed -e "s/'[^']*'//g" -e 's/&&//g; s/||//g')"
    for word in '$(' '`' '|' '&' '<(' '>(' 'source "' 'eval ' 'exec '; do
      [[ $text != *"$word"* ]] || fail "$script has $word"
    done
  done
}

@test "post-extract forks in one place only" {
  text="$(grep -v '^ *#' "$REPO/triggers/post-extract" | sed -e 's/&&//g; s/||//g; s/[0-9]>&-//g')"
  [[ $(grep -o '<(' <<<"$text" | wc -l) -eq 1 ]]
  for word in '$(' '`' '|' '&' '>(' 'source "' 'eval '; do
    [[ $text != *"$word"* ]] || fail "post-extract has $word"
  done
}

@test "every hook is /bin/bash itself, whatever PATH says" {
  for hook in "$REPO"/triggers/*; do
    [[ ${hook##*/} == uninstall || $(head -n1 "$hook") == '#!/bin/bash -p' ]]
  done
  mkdir "$BATS_TEST_TMPDIR/bin"
  for program in bash env git printf cat; do
    printf '#!/bin/sh\ntouch "%s/reached"\n' "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/bin/$program"
    chmod +x "$BATS_TEST_TMPDIR/bin/$program"
  done
  for path in "$BATS_TEST_TMPDIR/bin" '' /nowhere; do
    for hook in post-deploy deploy-source-set post-extract; do
      PATH="$path" run "$PLUGIN/$hook" blog git-sync abc
      silent
    done
  done
  [[ ! -e $BATS_TEST_TMPDIR/reached ]]
}

@test "BASH_ENV, exported functions and shell options of an app's config reach no hook" {
  echo "touch '$BATS_TEST_TMPDIR/reached'" >"$BATS_TEST_TMPDIR/env.sh"
  for hook in post-deploy deploy-source-set post-extract; do
    run env BASH_ENV="$BATS_TEST_TMPDIR/env.sh" ENV="$BATS_TEST_TMPDIR/env.sh" DOKKU_TRACE=1 \
      SHELLOPTS=xtrace:noexec:nounset:errexit BASHOPTS=extdebug POSIXLY_CORRECT=1 IFS=0123456789 \
      "BASH_FUNC_printf%%=() { touch '$BATS_TEST_TMPDIR/reached'; }" \
      "BASH_FUNC_read%%=() { touch '$BATS_TEST_TMPDIR/reached'; }" \
      EPOCHREALTIME=forged SRANDOM=forged "$PLUGIN/$hook" blog git-sync abc
    silent
    read_event
    [[ ${fields[1]} =~ ^[0-9]{10}\.[0-9]{6}-[0-9]+-[0-9]+$ ]]
    forget_events
  done
  [[ ! -e $BATS_TEST_TMPDIR/reached ]]
}

@test "arguments come back byte for byte: every byte but NUL, newlines, dashes, nothing, globs, other scripts" {
  for code in {1..255}; do
    printf -v byte "\\x$(printf %x "$code")"
    bytes+="$byte"
  done
  hostile=("$bytes" $'two\nlines\n' -n -e --help -- '' ' ' '*' '$(id)' '`id`' '%s%n\0' "'" '"' '\' 'zażółć 🚀' $'\r\e[2J' '')
  fire post-domains-update blog "${hostile[@]}"
  silent
  read_event
  expected=(blog "${hostile[@]}")
  [[ "${args[*]@Q}" == "${expected[*]@Q}" && ${fields[13]} -eq ${#expected[@]} ]]
}

@test "a megabyte of arguments comes back whole, and a thousand of them" {
  printf -v long '%*s' 120000 ''
  fire post-domains-update blog "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long"
  silent
  read_event
  [[ ${#args[@]} -eq 10 && ${#args[9]} -eq 120000 ]]
  forget_events
  fire post-domains-update {1..1000}
  silent
  read_event
  [[ ${#args[@]} -eq 1000 && ${args[999]} -eq 1000 ]]
}

@test "no argument at all is an event too" {
  for hook in post-deploy deploy-source-set post-extract builds-record-start post-config-update; do
    fire "$hook"
    silent
    read_event
    [[ ${fields[13]} -eq 0 && ${#fields[@]} -eq 14 ]]
    forget_events
  done
}

@test "hostile names in the environment stay in their fields" {
  export SSH_NAME=$'key\nwith newline' SSH_USER='$(reboot)' FINGERPRINT=%s%s DOKKU_COMMAND=$'\e[31m' SUDO_USER=-n
  fire post-stop blog
  silent
  read_event
  [[ ${fields[8]} == "$SSH_NAME" && ${fields[7]} == "$SSH_USER" && ${fields[9]} == %s%s ]]
  [[ ${fields[6]} == "$DOKKU_COMMAND" && ${fields[10]} == -n ]]
}

@test "an id has a point where the language writes a comma, as in Polish" {
  cd "$BATS_TEST_TMPDIR"
  printf 'comment_char %%\nescape_char /\nLC_NUMERIC\ndecimal_point ","\nthousands_sep ""\ngrouping -1\nEND LC_NUMERIC\n' >comma
  printf '<code_set_name> ANSI_X3.4-1968\n<comment_char> %%\n<escape_char> /\nCHARMAP\n<U0000>..<U007F> /x00 ascii\nEND CHARMAP\n' >ascii
  localedef -c -i ./comma -f ./ascii ./pl 2>/dev/null || [[ -d pl ]]
  export LOCPATH="$BATS_TEST_TMPDIR" LC_ALL=pl
  [[ $(bash -c 'echo "$EPOCHREALTIME"') == *,* ]]
  for hook in post-deploy deploy-source-set post-extract; do
    fire "$hook" blog
    silent
    read_event
    [[ ${fields[1]} =~ ^[0-9]{10}\.[0-9]{6}- ]]
    forget_events
  done
}

@test "the panel's group may read an event and nobody may run it, whatever the umask" {
  for mask in 000 022 077 777; do
    run bash -c 'umask "$1"; exec "$2" blog' - "$mask" "$PLUGIN/post-deploy"
    silent
    [[ $(stat -c %a "$OUTBOX"/*) == 640 ]]
    forget_events
  done
}

@test "the start of a build notes its process, so that a PID used again is told apart" {
  fire builds-record-start blog mwsle8vgalg1sr "$$" git-hook
  silent
  read_event
  # Field 22, the start time, never changes; the command is in parentheses
  [[ ${fields[12]} == "$$ ("*')'* ]]
  start_time() { sed 's/.*) //' | cut -d' ' -f20; }
  [[ $(start_time <<<"${fields[12]}") == "$(start_time <"/proc/$$/stat")" && -n $(start_time <<<"${fields[12]}") ]]
}

@test "the end of a run notes which cron entry it was, no more than an id of one, and whether it only began" {
  for id in 2ijbflgwrvmh0yoo3rz4xfo2 'cGhwPT09cGhw/+x_-=' ''; do
    DOKKU_CRON_ID="$id" fire scheduler-post-run docker-local blog c0ffee 0
    silent
    read_event
    [[ ${fields[12]} == "$id" ]]
    forget_events
  done
  for id in 'a b' $'a\nb' '$(id)' '*' 'ä' '-n;'; do
    DOKKU_CRON_ID="$id" fire scheduler-post-run docker-local blog c0ffee 0
    silent
    read_event
    [[ ${fields[12]} == '' ]]
    forget_events
  done
  for id in 2ijbflgwrvmh ''; do
    DOKKU_CRON_ID="$id" DOKKU_DETACH_CONTAINER=1 fire scheduler-post-run docker-local blog c0ffee 0
    silent
    read_event
    [[ ${fields[12]} == "$id detached" ]]
    forget_events
  done
  DOKKU_CRON_ID=2ijbflgwrvmh DOKKU_DETACH_CONTAINER=1 fire post-deploy blog
  silent
  read_event
  [[ ${fields[12]} == '' ]]
}

@test "port mappings are told whole, and a list that is missing, empty or no file is silence" {
  map="$DOKKU_LIB_ROOT/config/ports/blog/map"
  mkdir -p "${map%/*}"
  printf 'http:80:5000\nhttps:443:5000\n' >"$map"
  fire post-proxy-ports-update blog add
  silent
  read_event
  [[ ${fields[12]} == 'http:80:5000 https:443:5000' && ${args[*]} == 'blog add' ]]
  forget_events
  for change in ': >"$map"' 'rm "$map"' 'mkdir "$map"'; do
    eval "$change"
    fire post-proxy-ports-update blog clear
    silent
    read_event
    [[ ${fields[12]} == '' && ${args[*]} == 'blog clear' ]]
    forget_events
  done
}

@test "what --all fires for an app notes the process too, for no start of a record told it" {
  for trigger in pre-receive-app post-release-builder post-deploy; do
    DOKKU_BUILD_ID=mwsle8vgalg1sr DOKKU_PID=$$ fire "$trigger" blog x y
    silent
    read_event
    [[ ${fields[12]} == "$$ ("*')'* ]]
    forget_events
    # Without a build, or with what is no number, nothing is looked at.
    DOKKU_PID=$$ fire "$trigger" blog x y
    read_event
    [[ -z ${fields[12]} ]]
    forget_events
    DOKKU_BUILD_ID=mwsle8vgalg1sr DOKKU_PID=self fire "$trigger" blog x y
    read_event
    [[ -z ${fields[12]} ]]
    forget_events
  done
}

@test "a build whose process is gone or no number has no note" {
  for pid in '' 0 4194999 x self sys/../self -1 '1 ' $'1\n' 01x; do
    fire builds-record-start blog mwsle8vgalg1sr "$pid" git-hook
    silent
    read_event
    [[ -z ${fields[12]} && ${args[2]} == "$pid" ]]
    forget_events
  done
}

@test "a config value never reaches the outbox, also if Dokku passed one" {
  fire post-config-update blog set DATABASE_URL=postgres://u:hunter2@db/x EMPTY= PLAIN 'A=b=c' $'B=\nhunter2'
  silent
  read_event
  expected=(blog set DATABASE_URL EMPTY PLAIN A B)
  [[ "${args[*]@Q}" == "${expected[*]@Q}" ]]
  run grep -rc hunter2 "$OUTBOX"
  [[ $output == *:0 ]]
  forget_events
  fire post-config-update '' set G
  read_event
  [[ ${#args[@]} -eq 3 && -z ${args[0]} ]]
}

@test "forty hooks at once leave forty events with forty ids" {
  for _ in {1..40}; do "$PLUGIN/post-deploy" blog & done
  wait
  left=("$OUTBOX"/*)
  [[ ${#left[@]} -eq 40 ]]
}
