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
    ENV IFS PS4 LD_PRELOAD LD_LIBRARY_PATH GIT_SSH_COMMAND GIT_DIR SSH_USER HOME NO_VHOST PERL5OPT PERL5LIB PARALLEL \
    TAR_OPTIONS XDG_CONFIG_HOME OPENSSL_CONF KUBECONFIG TMPDIR CURL_HOME path Ld_Preload docker_bin; do
    refuses '{"A":"1","%s":"x"}' "$key"
    [[ $stderr == *"$key"*'sudo dokku dokkubase:set allow-config-keys true'* ]] || fail "$stderr"
    refused "$GATE" run unset ada -- config:unset blog A "$key"
  done
  allow allow-config-keys
  printf '{"DOCKER_BIN":"x"}' >"$FILE"
  import
  [[ $(<"$CALLS/stdin") == '{"DOCKER_BIN":"x"}' ]]
}

@test "ordinary keys are not in the way" {
  printf '{"DATABASE_URL":"1","NODE_ENV":"2","PORT":"3","RAILS_ENV":"4","PATHS":"5","HOMEPAGE":"6","GITHUB_TOKEN":"7","USERNAME":"8"}' >"$FILE"
  import
  reached
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
