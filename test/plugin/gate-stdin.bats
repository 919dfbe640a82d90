#!/usr/bin/env bats
# What comes by stdin is looked at, and what was looked at is what Dokku gets.

load gate

setup() {
  gate_stage
  FILE="$BATS_TEST_TMPDIR/file"
}

import() { job import config:import --format json blog - <"$FILE"; }

refuses() {
  printf "$@" >"$FILE"
  refused import
}

@test "config arrives as it was, with quotes, lines, signs and other alphabets" {
  cat >"$FILE" <<'JSON'
{"A":"two words","B":"it's \"quoted\" \\ $(x) `x`","C":"one\ntwo\r\n\ttab","D":"","E":"žluťoučký 🐘","_f9":"=\u0001"}
JSON
  import
  [[ $(jq -S . "$CALLS/stdin") == "$(jq -S . "$FILE")" ]]
  [[ $(jq -r keys[] "$CALLS/stdin" | wc -l) -eq 6 ]]
}

@test "of a key that stands there twice, Dokku gets the one that was looked at" {
  printf '{"A":"1","A":"2"}' >"$FILE"
  import
  [[ $(<"$CALLS/stdin") == '{"A":"2"}' ]]
}

@test "config that is not one object of texts is refused" {
  refuses ''
  refuses '{'
  refuses '[]'
  refuses '"A"'
  refuses 'A=1'
  refuses '{"A":1}'
  refuses '{"A":null}'
  refuses '{"A":{"B":"C"}}'
  refuses '{"A":"1"} {"B":"2"}'
  refuses '{"A":"\\u0000"}'
  refuses '{"A":"x\0y"}'
  refuses '{"A":"\xff\xfe"}'
  refuses '{"A":"\xed\xa0\x80"}'
  refuses '{"":"x"}'
  refuses '{"A B":"x"}'
  refuses '{"A\\n":"x"}'
  refuses '{"-A":"x"}'
  refuses '{"1A":"x"}'
  refuses '{"A=B":"x"}'
  refuses '{"BASH_FUNC_ls%%%%":"x"}'
}

@test "config that begins with a byte order mark is read, and Dokku gets none" {
  printf '\xef\xbb\xbf{"A":"1"}' >"$FILE"
  import
  [[ $(<"$CALLS/stdin") == '{"A":"1"}' ]]
}

@test "config may be large, and no larger" {
  { printf '{"A":"' && head -c 1000000 /dev/zero | tr '\0' x && printf '"}'; } >"$FILE"
  import
  [[ $(wc -c <"$CALLS/stdin") -eq 1000009 ]]
  { printf '{"A":"' && head -c 10000000 /dev/zero | tr '\0' x && printf '"}'; } >"$FILE"
  refused import
}

@test "a key that steers programs on the server is refused until root allows it, in any case of letters" {
  local key
  for key in DOCKER_BIN DOCKER_HOST DOKKU_TRACE DOKKUBASE_JOB PLUGIN_PATH PATH BASH_ENV BASH_FUNC_x BASHOPTS SHELLOPTS \
    IFS PS4 LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT GIT_SSH_COMMAND GIT_DIR GIT_CONFIG_KEY_0 GIT_TRACE SSH_USER SSH_ASKPASS HOME \
    NO_VHOST PERL5OPT PERL5LIB PARALLEL TAR_OPTIONS TAPE XDG_CONFIG_HOME OPENSSL_CONF SSL_CERT_FILE KUBECONFIG TMPDIR \
    CURL_HOME PACK_HOME SIGIL_PATH BUILDKIT_HOST GCONV_PATH SUDO_UID path Ld_Preload docker_bin; do
    refuses '{"A":"1","%s":"x"}' "$key"
    [[ $stderr == *"$key"*'sudo dokku dokkubase:set allow-config-keys true'* ]] || fail "$stderr"
    refused "$GATE" run unset ada -- config:unset blog A "$key"
  done
  allow allow-config-keys
  printf '{"DOCKER_BIN":"x"}' >"$FILE"
  import
  [[ $(<"$CALLS/stdin") == '{"DOCKER_BIN":"x"}' ]]
}

@test "a key that is a variable of Dokku's own scripts is refused until root allows it" {
  local key
  for key in IMAGE OUTPUT_PATH APP SOURCECODE_WORK_DIR TMP_WORK_DIR NGINX_TEMPLATE NGINX_CONF NGINX_ACCESS_LOG_PATH \
    PROXY_PORT_MAP PROXY_X_FORWARDED_FOR CLIENT_MAX_BODY_SIZE KEEPALIVE_TIMEOUT SSL_INUSE SSL_SERVER_NAME CHECKS_FILENAME \
    TMP_CHECKS_FILE NIXPACKS_ARGS RAILPACK_ARGS PACK_ARGS DOCKERFILE_ARGS ENV_ARGS NAME USER; do
    refuses '{"A":"1","%s":"x"}' "$key"
    [[ $stderr == *"$key"*'sudo dokku dokkubase:set allow-config-keys true'* ]] || fail "$stderr"
    refused "$GATE" run unset ada -- config:unset blog A "$key"
  done
  allow allow-config-keys
  printf '{"IMAGE":"x"}' >"$FILE"
  import
  reached
}

@test "all keys that are refused are named at once, and of very many the first" {
  refuses '{"A":"1","IMAGE":"x","LD_PRELOAD":"x","B":"2","PATH":"x"}'
  [[ $stderr == *': IMAGE, LD_PRELOAD, PATH; leave them out, or '* ]] || fail "$stderr"
  jq -n '[range(900) | {key: "DOKKU_\(1000 + .)", value: "x"}] | from_entries' >"$FILE"
  refused import
  [[ $stderr == *'DOKKU_1000, '*'DOKKU_1019, 880 more; leave'* && $stderr != *DOKKU_1020* ]] || fail "$stderr"
}

@test "ordinary keys are not in the way" {
  jq -n '[("DATABASE_URL NODE_ENV PORT RAILS_ENV PATHS HOMEPAGE GITHUB_TOKEN USERNAME ENV PYTHONPATH LD_SDK_KEY ZIPKIN_URL " +
    "MALLOC_ARENA_MAX CURL_TIMEOUT CURL_CONNECT_TIMEOUT GIT_SHA GIT_AUTHOR_NAME SSH_PRIVATE_KEY PS1 TEMP JQ_COLORS KUBERNETES_NAMESPACE " +
    "PARALLEL_WORKERS HTTP_PROXY https_proxy image Image stack_name NGINX_HOST PROXY_URL CLIENT_ID SSL_CERT BUILDPACK_URL IMAGE_TAG " +
    "NIXPACKS_NODE_VERSION HOST URL VERSION TYPE STATUS TOKEN EMAIL DOMAIN LOG_LEVEL TZ LANG APP_NAME SECRET_KEY_BASE REDIS_URL")
    | splits(" ") | {key: ., value: "x"}] | from_entries' >"$FILE"
  import
  reached
}

# What was derived from this server's scripts, in a file that the caller names: only without sudo.
derived() {
  export DOKKUBASE_SCRIPT_NAMES="$BATS_TEST_TMPDIR/names/script-names"
  mkdir -p "${DOKKUBASE_SCRIPT_NAMES%/*}"
  printf '%s\n' '# Dokku 0.39.0' "$@" >"$DOKKUBASE_SCRIPT_NAMES"
}

passes() {
  printf '{"%s":"x"}' "$1" >"$FILE"
  forget_calls
  import
  reached || fail "$1 was refused"
}

@test "names that were derived from the scripts of this server are refused besides, exactly as they are written" {
  passes NEW_LOCAL
  derived NEW_LOCAL other_local
  refuses '{"NEW_LOCAL":"x"}'
  refuses '{"other_local":"x"}'
  refuses '{"IMAGE":"x"}'
  passes OTHER_LOCAL
  passes NEW_LOCAL_2
}

@test "a derived list that is missing, empty, a link, a folder, or not its owner's alone leaves the gate's own in force" {
  derived NEW_LOCAL
  local file="$DOKKUBASE_SCRIPT_NAMES"
  weaker() {
    passes NEW_LOCAL
    refuses '{"IMAGE":"x"}'
    refuses '{"LD_PRELOAD":"x"}'
    rm -rf "$file" && derived NEW_LOCAL
    refuses '{"NEW_LOCAL":"x"}'
  }
  rm "$file" && weaker
  : >"$file" && weaker
  mv "$file" "$file.real" && ln -s "$file.real" "$file" && weaker
  rm "$file" && mkdir "$file" && weaker
  chmod 0664 "$file" && weaker
  chmod 0646 "$file" && weaker
  chmod 0777 "${file%/*}"
  passes NEW_LOCAL
  chmod 0755 "${file%/*}"
  rm "$file" && mkfifo "$file" && weaker
}

@test "only names count in a derived list: no pattern, no command, no half of a name" {
  derived '*' '.*' 'D*' '[A-Z]*' '?' 'A B' '$(touch '"$BATS_TEST_TMPDIR"'/ran)' 'x[$(touch '"$BATS_TEST_TMPDIR"'/ran)]' \
    'program *' '' ' SPACE' $'CR\r' 'ünïcode' "$(printf 'X%.0s' {1..300})"
  printf 'HALF' >>"$DOKKUBASE_SCRIPT_NAMES"
  local key
  for key in DATABASE_URL A B SPACE CR x HALF; do passes "$key"; done
  [[ ! -e $BATS_TEST_TMPDIR/ran ]]
}

@test "a derived list without an end is read up to a bound" {
  derived NEW_LOCAL
  yes "$(printf 'LONG_NAME_%.0s' {1..20})" | head -c 50000000 >>"$DOKKUBASE_SCRIPT_NAMES"
  echo BEHIND >>"$DOKKUBASE_SCRIPT_NAMES"
  refuses '{"NEW_LOCAL":"x"}'
  passes BEHIND
}

@test "the panel is told all that is reserved, with its kind" {
  derived NEW_LOCAL
  run "$GATE" reserved
  [[ $status -eq 0 ]]
  local line
  for line in 'dokku DOKKU*' 'dokku GIT_REV' 'program LD_PRELOAD' 'script IMAGE' 'script NEW_LOCAL'; do
    grep -qxF "$line" <<<"$output" || fail "no $line"
  done
  run ! grep -vE '^(dokku|program) [A-Z0-9_*]+$|^script [A-Za-z_][A-Za-z0-9_]*$' <<<"$output"
  run "$GATE" reserved x
  [[ $status -eq 64 ]]
}

@test "what comes by stdin is a file, never a pipe that would end with the panel" {
  refused_pipe() { echo '{"A":"1"}' | "$GATE" run pipe ada -- config:import --format json blog -; }
  refused refused_pipe
}

@test "a command that takes nothing gets nothing, whatever comes" {
  echo hello >"$FILE"
  job restart ps:restart blog <"$FILE"
  [[ ! -s $CALLS/stdin ]]
}

@test "the file may be another one by the time Dokku reads" {
  printf '{"A":"1"}' >"$FILE"
  dokku_is ''
  sed -i '2i printf %s "{\\"DOCKER_BIN\\":\\"x\\"}" >'"'$FILE'" "$DOKKU"
  import
  [[ $(<"$CALLS/stdin") == '{"A":"1"}' ]]
}

@test "an archive arrives byte by byte" {
  head -c 3000000 /dev/urandom >"$FILE"
  job archive git:from-archive blog -- <"$FILE"
  cmp "$FILE" "$CALLS/stdin"
}

@test "a certificate and its key arrive; any other tar is refused" {
  cd "$BATS_TEST_TMPDIR"
  echo crt >server.crt
  echo key >server.key
  tar cf "$FILE" server.crt server.key
  job pem certs:add blog <"$FILE"
  cmp "$FILE" "$CALLS/stdin"

  pem() { "$GATE" run pem ada -- certs:add blog <"$FILE"; }
  tar cf "$FILE" server.crt && refused pem
  tar cf "$FILE" server.crt server.key server.key && refused pem
  ln -sf /home/dokku/shop/tls/server.key link.key
  tar cf "$FILE" server.crt link.key && refused pem
  mkdir -p up && cp server.key up/server.key
  tar cf "$FILE" server.crt up/server.key && refused pem
  tar cPf "$FILE" server.crt ../"${PWD##*/}"/server.key && refused pem
  echo nothing >"$FILE" && refused pem
  head -c 400000 /dev/urandom >server.key && tar cf "$FILE" server.crt server.key && refused pem
}

@test "a password is one line, and comes through a pipe as Dokku wants it" {
  printf 'correct horse: ž\n' >"$FILE"
  dokku_is "[[ -p /dev/stdin ]] && touch '$CALLS/piped'"
  job auth git:auth git.example robot <"$FILE"
  [[ $(<"$CALLS/stdin") == 'correct horse: ž' && -e $CALLS/piped ]]
  password() { "$GATE" run auth ada -- git:auth git.example robot <"$FILE"; }
  printf '' >"$FILE" && refused password
  printf 'a\tb\n' >"$FILE" && refused password
}
