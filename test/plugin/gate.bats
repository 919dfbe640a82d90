#!/usr/bin/env bats
# What passes the gate, what does not, and what Dokku is given.

load gate

setup() { gate_stage; }

@test "Dokku gets exactly the words that were asked" {
  attend ps:scale blog --format json
  read_call
  [[ ${argv[*]@Q} == "'--quiet' 'ps:scale' 'blog' '--format' 'json'" ]]
}

@test "an answer and its exit code are Dokku's" {
  dokku_is 'echo said; echo " !     App blog does not exist" >&2; exit 20'
  run --separate-stderr attend apps:report blog --format json
  [[ $status -eq 20 && $output == said && $stderr == *'!     App blog does not exist' ]]
}

@test "each byte arrives unchanged where words are free" {
  local words=() byte char
  for ((byte = 1; byte < 256; byte++)); do
    printf -v char "\\x$(printf %x "$byte")"
    words+=("a${char}b" "$char")
  done
  unset 'words[89]' # A dash alone is a word of its own kind, tried below.
  words=("${words[@]}")
  job free run blog printf "${words[@]}" - -- -x --long=1,2 ''
  read_call
  [[ ${#argv[@]} -eq $((3 + ${#words[@]} + 5)) ]]
  local at
  for at in "${!words[@]}"; do
    [[ ${argv[at + 3]} == "${words[at]}" ]] || fail "${words[at]@Q} became ${argv[at + 3]@Q}"
  done
  [[ ${argv[*]: -5} == '- -- -x --long=1,2 ' ]]
}

@test "no kind of value takes a byte outside ASCII, a control character or a space, at its begin, middle or end" {
  source "$REPO/ui/dokku/gate/kinds"
  local LC_ALL=C kind byte char value
  for kind in "${!TYPES[@]}"; do
    [[ ! -v HIDDEN[$kind] ]] || continue
    value="$(sample "$kind")"
    is "$kind" "$value" || fail "$kind does not take $value"
    for ((byte = 1; byte < 256; byte++)); do
      ((byte <= 32 || byte >= 127)) || continue
      # git takes letters of any language; a mount is unmounted with the blanks it has.
      [[ $kind != REF ]] || ((byte <= 127)) || continue
      [[ $kind != *UNMOUNT ]] || ((byte != 32)) || continue
      printf -v char "\\x$(printf %x "$byte")"
      if is "$kind" "$char$value" || is "$kind" "$value$char" || is "$kind" "${value::1}$char${value:1}"; then
        fail "$kind takes byte $byte"
      fi
    done
  done
}

@test "no kind of value takes an option, a global, a folder above, shell's signs or too much" {
  source "$REPO/ui/dokku/gate/kinds"
  local kind value sign
  for kind in "${!TYPES[@]}"; do
    [[ ! -v HIDDEN[$kind] ]] || continue
    for value in -x --x --global --app --force -- - . .. ../x ./x '' "$(printf 'x%.0s' {1..5000})"; do
      if is "$kind" "$value"; then fail "$kind takes ${value::40}"; fi
    done
    value="$(sample "$kind")"
    for sign in ';' '|' '&' '$' '`' '(' '<' '>' '*' '?' '!' '#' "'" '"' "\\" '{' '['; do
      case "$kind $sign" in
        'LOGIN $' | 'ANYDOMAIN *' | ???UNMOUNT\ [\(\\] | ????UNMOUNT\ [\(\\]) continue ;;
        # Git takes these, and Dokku hands them on as one word.
        REF\ [!*?\\\[]) continue ;;
      esac
      if is "$kind" "$value${sign}x"; then fail "$kind takes $sign"; fi
    done
  done
}

# A good value of each kind, so that a kind that takes nothing is seen as well.
sample() {
  declare -A good=(
    [JOB]=deploy-1 [USER]=ada.l [APP]=shop.example [ANYAPP]=dokkubase [NEWAPP]=shop-2 [BUILD]=mwsm2q2cgir830 [BUILDKIND]=deploy
    [PROCESS]=web [PROCESSES]=web,worker [SCALE]=web=2 [NUMBER]=10 [BOOLEAN]=true [SWITCH]=on [CPU]=1.5 [MEMORY]=256m
    [SIZE]=50m [DURATION]=60s [RESTARTPOLICY]=on-failure:10 [KEY]=DATABASE_URL [DOMAIN]='*.shop.example'
    [APPDOMAIN]=.shop.example [ANYDOMAIN]=Shop.example
    [HOST]=git.example:8443 [EMAIL]=ada@shop.example [LOGIN]=robot [PORTMAP]=http:80:5000 [PROXY]=nginx
    [BUILDER]=pack [ARCHIVE]=tar.gz [PATH]=deploy/Dockerfile.web [GITURL]=https://git.example/ada/shop.git
    [LOCALGIT]=/srv/git/shop.git [REF]=feature/tea-2.0 [IMAGE]=registry.example:5000/ada/shop:1.2
    [BUILDPACK]=https://git.example/buildpack-go.git [NETWORK]=shop_net [STORAGE]=shop
    [OWNMOUNT]=/var/lib/dokku/data/storage/shop:/data [HOSTMOUNT]=/srv/shop:/data:ro [PHASES]=build,deploy
    [OWNUNMOUNT]='/var/lib/dokku/data/storage/shop:/data/My Files' [HOSTUNMOUNT]='pgdata:/data'
    [COUNT]=32 [BUFFER]=8k [BUFFERS]='8 4k' [FORWARDEDFOR]='$remote_addr' [FORWARDEDPORT]='$server_port'
    [FORWARDEDPROTO]='$scheme'
    [CRON]=c2hvcA== [RUN]=shop.run.1234 [WEBPATH]=/old [PROPERTY]=hsts
  )
  [[ -v good[$1] ]] || fail "there is no sample of $1"
  echo "${good[$1]}"
}

@test "in each place of each rule, what is no value of its kind stops the whole call" {
  refused attend apps:report --global --format json
  refused attend apps:report --app --format json
  refused attend apps:report --format json --app shop
  refused attend ps:scale $'blog\nshop' --format json
  refused attend ps:scale . --format json
  refused attend ps:scale .. --format json
  refused attend ps:scale --all --format json
  refused attend logs blog --tail --num -1
  refused job a ps:restart --all
  refused job b ps:restart blog --parallel
  refused job c ps:stop blog shop
  refused job d config:unset --global TOKEN
  refused job e --force apps:destroy blog
  refused job f apps:destroy blog
  refused job g --quiet ps:restart blog
  refused job h 'ps:restart blog'
  refused job i ''
  refused job j domains:add blog
  refused job k domains:add blog --global
  refused job l git:sync blog https://git.example/shop.git --upload-pack=x
  refused job m git:sync blog https://git.example/shop.git -x
}

@test "domains, certificates and Let's Encrypt pass as the panel asks for them, and nothing beside it" {
  job a domains:add shop www.shop.example '*.shop.example'
  job b domains:set-global apps.example
  job c domains:clear-global
  job d letsencrypt:enable shop
  job e letsencrypt:set --global email ada@shop.example
  job f letsencrypt:set shop email
  job g certs:remove shop
  reached
  # It asks for answers at a terminal and fails without one: the panel makes such certificates itself.
  refused job h certs:generate shop shop.example
  refused job i certs:add shop /home/dokku/blog/tls/server.crt /home/dokku/blog/tls/server.key
  refused job j certs:add shop
  refused attend --quiet certs:show shop key
  refused job k domains:clear --all
  refused job l domains:add-global --all
  refused job m letsencrypt:enable --all
  refused job n letsencrypt:enable shop --force
  refused job o letsencrypt:auto-renew
  refused job p letsencrypt:revoke shop
  refused job q letsencrypt:set shop lego-docker-options '-v /:/host'
  refused job r letsencrypt:set shop server https://acme.example
  refused job s letsencrypt:set shop email 'a@b.c --x'
}

@test "a cron entry of a long command can be run, paused and resumed, and its name has an end" {
  local long word
  printf -v long '%01900d' 0
  for word in run suspend resume; do
    forget_calls
    job cron "cron:$word" blog "$long"
    read_call
    [[ ${argv[*]: -2} == "blog $long" ]]
  done
  forget_calls
  job longest cron:run blog "${long}${long:0:100}" --detach
  reached
  refused job longer cron:run blog "${long}${long:0:101}"
}

@test "a word for a container's program cannot be an option of Dokku's" {
  refused job a run blog sh --app shop
  refused job b run blog sh --app=x --label-file=/etc/shadow
  refused job c run blog sh '--x\x20--label-file=/etc/shadow'
  refused job d run blog sh '--x --label-file=/etc/shadow'
  refused job e run blog rake --trace
  refused job f run blog --env=X=1 sh
  refused job g run --env X=1 blog sh
  job h run blog sh -c 'rake --trace --app shop'
  reached
}

@test "what Dokku wrongly takes is refused" {
  refused job a ps:scale blog web=-1
  refused job b ps:scale blog web=abc
  refused job c ports:add blog foo:80:5000
  refused job d ports:add blog http:99999:5000
  refused job e ports:add blog http:0:5000
  refused job f ports:set blog http:80:5000 https:80:6000
  refused job g proxy:set blog type nope
  refused job h resource:limit --memory abc blog
  refused job i storage:mount blog relative:/data
  refused job j apps:create bad..name
  refused job k apps:create Bad
  refused job l apps:create bad_name
  job m ports:set blog http:80:5000 https:443:5000
}

@test "a git address may not bring a password, a helper or a file of this server" {
  local address
  for address in https://ada:secret@git.example/shop.git https://token@git.example/shop.git ext::sh /srv/shop.git \
    file:///srv/shop.git ssh://-oProxyCommand=x/shop.git git@-oProxyCommand=x:shop.git ssh://ada:x@git.example/shop.git \
    git://git.example/shop.git ../shop https://git.example/-x 'https://git.example/$(x)' https:///shop.git; do
    refused job a git:sync blog "$address"
  done
  for address in https://git.example/shop.git http://git.example:3000/ada/shop ssh://git@git.example:22/ada/shop.git git@git.example:ada/shop.git; do
    forget_calls
    job a git:sync --build blog "$address" main
    reached
  done
}

@test "every name that git takes for a branch passes as one word, and nothing else does" {
  local ref
  for ref in main v1.2 'feature/#123-login' 'fix(api)' 'ada&bob' größe release,2 a=b '$(id)' "it's" 'a;b' 'a]b' a@b; do
    git check-ref-format --allow-onelevel "$ref" || fail "git does not take $ref"
    forget_calls
    job ref git:sync --build blog https://git.example/shop.git "$ref"
    read_call
    [[ ${#argv[@]} -eq 5 && ${argv[4]} == "$ref" ]] || fail "$ref became ${argv[*]:4}"
  done
  for ref in -x --x 'a b' a..b a//b a/ /a .a a/.b a. a.lock a.lock/b a~1 a^ a:b 'a?' 'a*' 'a[b' 'a\b' 'a@{1}' @ \
    $'a\nb' $'a\x7fb' $'a\xc2\x9bb' "$(printf 'x%.0s' {1..251})"; do
    refused job ref git:sync --build blog https://git.example/shop.git "$ref"
  done
}

@test "an app of an old name is read and changed, one with capitals is not, and a new name may be a domain" {
  attend apps:report my_shop --format json
  reached
  forget_calls
  job old ps:restart my_shop
  reached
  refused attend apps:report MyShop --format json
  refused job upper ps:restart MyShop
  forget_calls
  job new apps:create blog.example.com
  reached
  refused job under apps:create my_shop
  refused job long apps:create "$(printf 'x%.0s' {1..40}).$(printf 'y%.0s' {1..40})"
}

@test "a mount goes to any folder of a container, and a blank in it brings no option of docker run" {
  local own=/var/lib/dokku/data/storage/n8n folder
  for folder in /home/node/.n8n /app/.cache '/data/My\ Files' /a/@b+c,d=e~f%g; do
    forget_calls
    job mount storage:mount blog "$own:$folder"
    read_call
    [[ ${argv[2]} == "$own:$folder" ]]
    job unmount storage:unmount blog "$own:$folder"
    read_call
    [[ ${argv[0]} == storage:unmount && ${argv[2]} == "$own:$folder" ]]
  done
  forget_calls
  job old storage:unmount blog "$own:/data/My Files"
  reached
  allow allow-host-mounts
  job volume storage:unmount blog pgdata:/data
  reached
  for folder in '/data/My Files' '/data --privileged' '/data\\ --privileged' $'/data\t--privileged' '/data/"x' "/data/'x" \
    /data/../x /data/. /data\\ /data//x '/$x' '/data/\x'; do
    refused job mount storage:mount blog "$own:$folder"
    refused job mount storage:mount blog "/srv$folder:/data"
  done
}

@test "a domain that only Dokku takes is kept and removed as written, and what breaks nginx is not added" {
  local domain
  for domain in Shop.Example.com _ .example.com '*' a..b 'a*b'; do
    forget_calls
    job odd domains:remove shop "$domain"
    read_call
    [[ ${argv[2]} == "$domain" ]]
    job odder domains:set shop www.example.com "$domain"
    read_call
    [[ ${argv[3]} == "$domain" ]]
  done
  forget_calls
  job add domains:add shop _ .example.com
  reached
  for domain in '*' a..b Shop.Example.com 'a|b' 'a\|b' -x; do
    refused job add domains:add shop "$domain"
    refused job add domains:add-global "$domain"
  done
  refused job sed domains:remove shop 'a|d;e'
  refused job option domains:remove shop -x.example.com
}

@test "nothing changes the panel's own app, which can still be looked at" {
  local command
  for command in 'apps:destroy dokkubase --force' 'apps:rename dokkubase x' 'apps:rename x dokkubase' \
    'apps:clone dokkubase x' 'apps:clone x dokkubase' 'apps:create dokkubase' 'apps:lock dokkubase' \
    'ps:stop dokkubase' 'ps:restart dokkubase' 'ps:rebuild dokkubase' 'ps:scale dokkubase web=0' \
    'config:unset dokkubase X' 'domains:clear dokkubase' 'certs:remove dokkubase' 'proxy:disable dokkubase' \
    'ports:clear dokkubase' 'run dokkubase sh' 'git:sync dokkubase https://git.example/x.git' 'builds:cancel dokkubase'; do
    # shellcheck disable=SC2086 # Words.
    refused job own $command
  done
  refused attend config:export dokkubase --format json
  refused attend config:get dokkubase X
  attend config:keys dokkubase
  attend ps:report dokkubase --format json
  reached
}

@test "of all commands that were recorded, only those on the list run" {
  local line words=() passed=()
  while IFS= read -r line; do
    eval "words=(${line#dokku })"
    forget_calls
    run attend "${words[@]}"
    if [[ $status -ne 77 ]]; then reached && passed+=("${words[*]}"); else unreached "${words[@]}"; fi
    forget_calls
    run "$GATE" run walk ada -- "${words[@]}" </dev/null 3>&- 7<&-
    if [[ $status -ne 77 ]]; then
      eventually test -e "$JOBS/walk/exit"
      passed+=("run ${words[*]}")
    else
      unreached "${words[@]}"
    fi
  done < <(jq -r '.command | select(startswith("dokku "))' "$REPO"/test/fixtures/0.38.27/{commands,errors}.jsonl | sort -u)
  diff <(printf '%s\n' "${passed[@]}" | sort) "$BATS_TEST_DIRNAME/gate-passed.txt"
}

@test "what is as good as root waits for root's switch, and the refusal names it" {
  local switch command
  while IFS='|' read -r switch command; do
    # shellcheck disable=SC2086 # Words.
    refused "$GATE" run root ada -- $command
    [[ $stderr == *"sudo dokku dokkubase:set $switch true"* ]] || fail "$command: $stderr"
    allow some-other-switch
    echo false >"$DOKKU_LIB_ROOT/config/dokkubase/--global/$switch"
    # shellcheck disable=SC2086 # Words.
    refused "$GATE" run root ada -- $command
    allow "$switch"
    # shellcheck disable=SC2086 # Words.
    job root $command
    reached || fail "$command did not run with $switch"
    rm "$DOKKU_LIB_ROOT/config/dokkubase/--global/"*
  done <<'WORDS'
allow-docker-options|docker-options:add blog deploy --privileged
allow-docker-options|docker-options:remove blog deploy --privileged
allow-docker-options|docker-options:clear blog
allow-host-mounts|storage:mount blog /etc:/data
allow-host-mounts|storage:mount blog /var/lib/dokku/data/storage/shop/link:/data
allow-host-mounts|storage:unmount blog /etc:/data
allow-nginx-directives|nginx:set blog access-log-path /etc/cron.d/x
allow-nginx-directives|nginx:set blog x-forwarded-for-value x;
allow-nginx-directives|nginx:set blog x-forwarded-for-value $scheme
allow-nginx-directives|nginx:set blog proxy-buffers 8
allow-nginx-directives|nginx:set blog bind-address-ipv4 203.0.113.1
allow-nginx-directives|nginx:set blog disable-custom-config false
allow-nginx-directives|nginx:set blog nginx-service-command
allow-host-network|network:set blog initial-network host
allow-local-git|git:sync blog /srv/git/shop.git
allow-local-git|git:sync blog file:///srv/git/shop.git
allow-config-keys|config:unset blog DOCKER_BIN
allow-global-config|config:unset --global TOKEN
WORDS
}

@test "the server's config is neither shown nor changed before root's switch, and its reserved keys wait for their own" {
  local json="$BATS_TEST_TMPDIR/config"
  echo '{"TZ":"UTC"}' >"$json"
  into-global() { job global config:import --format json --global - <"$json"; }
  refused attend config:export --global --format json
  refused attend config:keys --global
  refused attend config:get --global TZ
  refused into-global
  [[ $stderr == *'sudo dokku dokkubase:set allow-global-config true'* ]]
  allow allow-global-config
  attend config:export --global --format json
  attend config:keys --global
  attend config:get --global TZ
  into-global
  read_call
  [[ ${argv[*]} == '--quiet config:import --format json --global -' && $(<"$CALLS/stdin") == '{"TZ":"UTC"}' ]]
  refused job replace config:import --replace --format json --global - <"$json"
  echo '{"TZ":"UTC","Docker_Bin":"/x"}' >"$json"
  refused into-global
  [[ $stderr == *'sudo dokku dokkubase:set allow-config-keys true'* ]]
  refused job unset config:unset --global DOCKER_BIN
  allow allow-config-keys
  into-global
  reached
}

@test "plugins are never installed, updated or removed from here, whatever is allowed" {
  allow allow-plugins
  refused job a plugin:install https://git.example/plugin.git
  refused job b plugin:uninstall letsencrypt
  refused job c dokkubase:set allow-config-keys true
}

@test "nothing of the caller's environment reaches Dokku" {
  echo 'touch "$BATS_TEST_TMPDIR/sourced"' >"$BATS_TEST_TMPDIR/rc"
  mkdir "$BATS_TEST_TMPDIR/bin"
  local program
  for program in env dokku setsid tail sleep mkdir; do
    printf '#!/bin/bash\ntouch "%s/hijacked"\n' "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/bin/$program"
    chmod +x "$BATS_TEST_TMPDIR/bin/$program"
  done
  run() { touch "$BATS_TEST_TMPDIR/function"; }
  export -f run
  env PATH="$BATS_TEST_TMPDIR/bin:$PATH" BASH_ENV="$BATS_TEST_TMPDIR/rc" ENV="$BATS_TEST_TMPDIR/rc" SHELLOPTS=xtrace \
    BASHOPTS=extdebug POSIXLY_CORRECT=1 PS4='$(touch "$BATS_TEST_TMPDIR/sourced")' CDPATH=/etc IFS=x \
    lib=/nowhere dokku=/bin/false jobs=/nowhere here=/nowhere derived=/nowhere pair=x inherited=x user=root quiet=--trace \
    DOKKU_TRACE=1 DOKKU_BUILD_ID=abc DOKKU_APP_NAME=shop NAME=root SSH_USER=root SSH_NAME=x FINGERPRINT=x SUDO_USER=x \
    GIT_DIR=/x HOME=/nowhere TMPDIR=/nowhere LANG=pl_PL.UTF-8 DOKKUBASE_JOB=other \
    "$GATE" attend ada -- ps:scale blog --format json <&7 3>&-
  unset -f run
  [[ ! -e $BATS_TEST_TMPDIR/sourced && ! -e $BATS_TEST_TMPDIR/hijacked && ! -e $BATS_TEST_TMPDIR/function ]]
  diff <(tr '\0' '\n' <"$CALLS/environ" | sort) - <<ENV
HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
LC_ALL=C.UTF-8
NAME=ada
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
SSH_USER=dokkubase
ENV
}

@test "a job that takes too long to start is told to have failed, and never begins" {
  # Between the birth of what stays with the job and its begin lies all that a busy host can put there.
  starting() {
    bash -c 'set -euo pipefail
      source "$1"
      note() { :; }
      call() { touch "$begun"; }
      start-time() { until [[ -e $go ]]; do sleep 0.05; done; }
      jobs="$2" job=restart-1 user=ada begun="$3" go="$4" PATIENT_SECONDS="$5"
      run' starting "$REPO/ui/dokku/gate/running" "$JOBS" "$CALLS/argv" "$CALLS/go" "$1" 3>&- 7<&-
  }
  run --separate-stderr starting 1
  [[ $status -eq 75 && $stderr == *'nothing was started'* ]]
  touch "$CALLS/go"
  none_starting() { ! pgrep -f "$CALLS/argv" >/dev/null; }
  eventually none_starting
  [[ -z "$(ls "$JOBS")" ]]
  not reached
  run starting 180
  [[ $status -eq 0 ]]
  eventually test -e "$JOBS/restart-1/exit"
  reached
}

@test "a job whose output cannot be kept goes on, and how it ended is told" {
  dokku_is 'head -c 1000000 /dev/zero; exit 5'
  # As on a full disk: of any file the gate writes, no more than a block.
  (ulimit -f 1 && "$GATE" run full ada -- ps:restart blog 3>&- 7<&-)
  eventually test -e "$JOBS/full/exit"
  [[ $(stat -c %s "$JOBS/full/output") -le 1024 && $(<"$JOBS/full/exit") == '5 '* ]]
}

@test "whose build it is that holds an app's lock is told by its process alone" {
  local builds="$DOKKU_LIB_ROOT/data/builds/blog" lock="$DOKKU_LIB_ROOT/data/apps/blog/.deploy.lock"
  # Of this run alone: another on this machine may cancel one of that name
  local own="sync-$$"
  mkdir -p "$builds" "${lock%/*}"
  dokku_is "printf '{\"app\": \"blog\", \"pid\": %s}' \"\$\$\" >'$builds/ours.json'; sleep 300"
  echo "{\"app\": \"blog\", \"pid\": $$}" >"$builds/theirs.json"
  "$GATE" run "$own" ada -- ps:rebuild blog 3>&- 7<&-
  eventually test -s "$builds/ours.json"
  whose() { echo "$1" >"$lock" && run "$GATE" builds "${2:-$own}" blog && echo "$status"; }
  [[ $(whose ours) == 0 ]]
  [[ $(whose theirs) == 3 && $(whose none) == 3 && $(whose '') == 3 && $(whose ../blog/ours) == 3 ]]
  [[ $(whose ours other-1) == 3 ]]
  rm "$lock"
  run "$GATE" builds "$own" blog
  [[ $status -eq 3 ]]
  "$GATE" cancel "$own"
  refused "$GATE" builds "$own" ../blog
}

@test "whoever asks has to be somebody" {
  refused "$GATE" attend '' -- version
  refused "$GATE" attend - -- version
  refused "$GATE" attend 'ada root' -- version
  refused "$GATE" attend $'ada\nroot' -- version
  refused "$GATE" attend --all -- version
  run "$GATE" attend ada version
  [[ $status -eq 64 ]]
  run "$GATE" attend ada --
  [[ $status -eq 64 ]]
  run "$GATE" eval x
  [[ $status -eq 64 ]]
  run "$GATE"
  [[ $status -eq 64 ]]
  run ! reached
}

@test "the log has a line a call and no secret" {
  attend apps:report blog --format json
  job one run blog sh -c 'TOKEN=hunter2'
  echo '{"API_KEY":"hunter2"}' >"$BATS_TEST_TMPDIR/config"
  job two config:import --no-restart --format json blog - <"$BATS_TEST_TMPDIR/config"
  run "$GATE" run three ada -- git:sync blog https://ada:hunter2@git.example/shop.git
  run "$GATE" run four ada -- config:set blog PASSWORD=hunter2
  run "$GATE" run five ada -- $'hunter2\nforged line'
  allow allow-docker-options
  job six docker-options:add blog deploy '-e PASSWORD=hunter2'
  run ! grep -rq hunter2 "$LOG"
  diff <(cut -d' ' -f2- "$LOG" | sort) - <<'LOG'
attend job=- user=ada exit=0 apps:report blog --format json
run job=five user=ada exit=77 this (0 more words)
run job=four user=ada exit=77 config:set (2 more words)
run job=one user=ada exit=0 run blog *** *** ***
run job=one user=ada exit=started run blog *** *** ***
run job=six user=ada exit=0 docker-options:add blog deploy ***
run job=six user=ada exit=started docker-options:add blog deploy ***
run job=three user=ada exit=77 git:sync (2 more words)
run job=two user=ada exit=0 config:import --no-restart --format json blog -
run job=two user=ada exit=started config:import --no-restart --format json blog -
LOG
}

@test "the log stays small" {
  head -c 1048570 /dev/zero | tr '\0' '\n' >"$LOG"
  attend version
  attend version
  [[ $(wc -l <"$LOG") -eq 1 && $(wc -c <"$LOG.1") -lt 1050000 ]]
}

@test "what root switched on is told, and nothing else is" {
  run "$GATE" allowed
  [[ $status -eq 0 && -z $output ]]
  allow allow-docker-options
  allow allow-made-up
  echo yes >"$DOKKU_LIB_ROOT/config/dokkubase/--global/allow-host-mounts"
  run "$GATE" allowed
  [[ $status -eq 0 && $output == allow-docker-options ]]
  run "$GATE" allowed all
  [[ $status -eq 64 ]]
}

@test "a limit is set, or taken away by a word that names nothing else" {
  job limit resource:limit --memory clear --cpu 0.5 --process-type web blog
  read_call
  [[ ${argv[*]} == 'resource:limit --memory clear --cpu 0.5 --process-type web blog' ]]
  refused job limit-1 resource:limit --memory clear-all blog
  refused job limit-2 resource:limit --memory clear --cpu clear
}

@test "an outbox that was deleted is made again, for Dokku's user and the group of the folder above" {
  local outbox="$DOKKU_LIB_ROOT/data/dokkubase/outbox"
  chgrp 4711 "$DOKKU_LIB_ROOT/data/dokkubase" && chmod 2711 "$DOKKU_LIB_ROOT/data/dokkubase"
  "$GATE" outbox
  [[ $(stat -c %g:%a "$outbox") == 4711:2770 ]]
  touch "$outbox/1" && "$GATE" outbox
  [[ -e $outbox/1 ]]
  run "$GATE" outbox "$outbox/other"
  [[ $status -eq 64 && ! -e $outbox/other ]]
  rm -r "$outbox" && touch "$outbox"
  run "$GATE" outbox
  [[ $status -eq 1 ]]
}

@test "what plugins without JSON say of one app is read, and nothing else of them" {
  attend http-auth:report blog
  attend http-auth:show-config blog
  attend maintenance:report blog
  attend letsencrypt:report blog
  attend redirect blog
  read_call
  [[ ${argv[*]} == '--quiet redirect blog' ]]
  refused attend redirect --global
  refused attend redirect
  refused attend http-auth:show-config ../blog
}
