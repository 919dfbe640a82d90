#!/usr/bin/env bats
# `dokku dokkubase:containers` hands on what Docker says of apps, and leaves no process behind.

load stage

setup() {
  installed
  export DOCKER_BIN="$BATS_TEST_TMPDIR/docker" DOKKU_ROOT="$BATS_TEST_TMPDIR/home/dokku"
  mkdir -p "$DOKKU_ROOT/blog"
  # Plays Docker: notes its arguments, lists one container and one image, tells one event and then nothing for long.
  cat >"$DOCKER_BIN" <<'DOCKER'
#!/bin/bash
echo "${EPOCHREALTIME} $*" >>"${0%/*}/asked"
case "$1" in
  container)
    [[ ! -e ${0%/*}/down ]] || exit 1
    [[ $2 == ls ]] && cat "${0%/*}/ids" && exit
    [[ ! -e ${0%/*}/hostile ]] || printf '{"id":"x\xe2\x80\xae\xc2\x9b2J"}\n'
    for id in "${@:5}"; do
      if [[ $id == gone ]]; then echo "Error response from daemon: No such container: $id" >&2; else echo "{\"id\":\"$id\"}"; fi
    done
    [[ ! -e ${0%/*}/broken ]] || echo 'template parsing error' >&2
    [[ "$*" != *gone* && ! -e ${0%/*}/broken ]]
    ;;
  image) cat "${0%/*}/images" ;;
  context) cat "${0%/*}/context" 2>/dev/null ;;
  events)
    echo '{"Type":"container","Action":"start"}'
    [[ -e ${0%/*}/ends ]] && exit 3
    exec sleep 987
    ;;
esac
DOCKER
  chmod +x "$DOCKER_BIN"
  printf 'c1\nc2\n' >"$BATS_TEST_TMPDIR/ids"
  : >"$BATS_TEST_TMPDIR/images"
}

containers() {
  "$PLUGIN/subcommands/containers" dokkubase:containers "$@"
}

# Waits until no process of the session that `setsid` began is left; the dead that nobody has buried yet do not count.
nothing_left() {
  eventually none_of "$1"
}

none_of() { ! pgrep -s "$1" -r D,I,R,S,T >/dev/null; }

at_least_four_of() { [[ $(pgrep -s "$1" | wc -l) -ge 4 ]]; }

until_followed() {
  eventually grep -qs '"Action"' "$1"
}

@test "all containers of apps, stopped ones too, are inspected by one command" {
  run --separate-stderr containers
  [[ $status -eq 0 && -z $stderr ]]
  [[ ${lines[0]} == '{"id":"c1"}' && ${lines[1]} == '{"id":"c2"}' && ${lines[2]} == '{"kind":"app","app":"blog",'* ]]
  mapfile -t asked < <(cut -d' ' -f2- "$BATS_TEST_TMPDIR/asked")
  [[ ${asked[0]} == 'container ls --all --no-trunc --quiet --filter label=com.dokku.app-name --filter label=com.dokku.container-type=deploy' ]]
  [[ ${asked[1]} == 'container inspect --format {"kind":"container",'*' c1 c2' && ${#asked[@]} -eq 3 ]]
}

@test "no environment of a container and none but Dokku's labels are asked for" {
  containers >/dev/null
  format="$(grep 'container inspect' "$BATS_TEST_TMPDIR/asked")"
  [[ $format == *'"image_id":{{json .Image}}'* && $format == *'(index .Config.Labels "com.dokku.app-name")'* ]]
  for word in Env Cmd Args Entrypoint Mounts .Config.Labels} .Config} .HostConfig} .State}; do
    [[ $format != *"$word"* ]] || fail "asks for $word"
  done
}

@test "a list ends with when it was read: what happened before is in it" {
  before="$EPOCHREALTIME"
  run --separate-stderr containers
  [[ ${lines[-1]} =~ ^\{\"kind\":\"end\",\"read_at\":([0-9]{10}\.[0-9]{6})\}$ ]]
  listed="$(head -n1 "$BATS_TEST_TMPDIR/asked" | cut -d' ' -f1)"
  [[ $before < ${BASH_REMATCH[1]} && ${BASH_REMATCH[1]} < $listed ]]
}

@test "a server without containers and apps is a list that is whole and empty" {
  : >"$BATS_TEST_TMPDIR/ids"
  rmdir "$DOKKU_ROOT/blog"
  run --separate-stderr containers
  [[ $status -eq 0 && $output == '{"kind":"end",'* && ${#lines[@]} -eq 1 ]]
  run ! grep -q inspect "$BATS_TEST_TMPDIR/asked"
}

@test "a container that goes while it is looked at is left out" {
  printf 'c1\ngone\nc2\n' >"$BATS_TEST_TMPDIR/ids"
  run --separate-stderr containers
  [[ $status -eq 0 && -z $stderr && $output == $'{"id":"c1"}\n{"id":"c2"}\n{"kind":"app"'*'"kind":"end"'* ]]
}

@test "a list that Docker broke off has no end" {
  touch "$BATS_TEST_TMPDIR/broken"
  run --separate-stderr containers
  [[ $status -eq 1 && $output != *'"end"'* && $stderr == *'template parsing error'* ]]
}

@test "of each app the image Dokku starts next is told, and where nginx sends requests" {
  mkdir "$DOKKU_ROOT/shop"
  echo 'dokku/blog sha256:abc0' >"$BATS_TEST_TMPDIR/images"
  echo 'dokku/destroyed sha256:abc1' >>"$BATS_TEST_TMPDIR/images"
  cat >"$DOKKU_ROOT/shop/nginx.conf" <<'NGINX'
server {
  server_name shop.test;
  location / { proxy_pass http://shop-5000; }
}

upstream shop-5000 {

  server 172.17.0.4:5000;
  server 172.17.0.5:5000;
}
upstream elsewhere {
  server 192.0.2.1:80;
}
NGINX
  mkdir -p "$DOKKU_LIB_ROOT/config/proxy/--global" "$DOKKU_LIB_ROOT/config"/{network,scheduler}/shop
  echo caddy >"$DOKKU_LIB_ROOT/config/proxy/--global/type"
  echo k3s >"$DOKKU_LIB_ROOT/config/scheduler/shop/selected"
  echo '127.0.0.1:80"' >"$DOKKU_LIB_ROOT/config/network/shop/static-web-listener"
  printf '%064d' 7 >"$DOKKU_ROOT/shop/CONTAINER.web.1"
  echo '"; rm -rf /' >"$DOKKU_ROOT/shop/CONTAINER.web.2"
  mkdir "$DOKKU_ROOT/.cache" "$DOKKU_ROOT/No App" "$DOKKU_ROOT/shop/nginx.conf.d"
  echo 'return 503;' >"$DOKKU_ROOT/shop/nginx.conf.d/maintenance.conf"
  echo 'a.test:b.test:301' >"$DOKKU_ROOT/shop/REDIRECTS"
  run --separate-stderr containers
  [[ $status -eq 0 && -z $stderr ]]
  apps="$(printf '%s\n' "${lines[@]}" | grep '"app"')"
  id="$(printf '%064d' 7)"
  [[ $apps == '{"kind":"app","app":"blog","next_image_id":"sha256:abc0","scheduler":"","proxy":"caddy","web_listener":"","upstreams":[],"current":[],"access":[]}
{"kind":"app","app":"shop","next_image_id":null,"scheduler":"k3s","proxy":"caddy","web_listener":"127.0.0.1:80","upstreams":["172.17.0.4:5000","172.17.0.5:5000"],"current":["'"$id"'"],"access":["maintenance","redirect"]}' ]]
}

@test "on a terminal an image's own labels are shown, not obeyed; a pipe gets Docker's JSON as it is" {
  touch "$BATS_TEST_TMPDIR/hostile"
  run containers
  [[ ${lines[0]} == $'{"id":"x\xe2\x80\xae\xc2\x9b2J"}' ]]
  export -f containers
  export PLUGIN
  SHELL=/bin/bash run script -qec 'bash -c containers' /dev/null
  [[ $status -eq 0 && ${lines[0]} == '{"id":"x\u202e\u009b2J"}'* && ${lines[1]} == '{"id":"c1"}'* ]]
}

@test "followed, it tells events since before it listed, so that none is missed in between" {
  run containers --follow < <(until grep -q -- --since "$BATS_TEST_TMPDIR/asked" 2>/dev/null; do sleep 0.05; done)
  [[ $status -eq 0 && ${lines[0]} == '{"id":"c1"}' && ${lines[3]} == '{"kind":"end"'* ]]
  [[ ${lines[4]} == '{"kind":"following","by":"docker"}' && ${lines[5]} == *start* ]]
  listed="$(head -n1 "$BATS_TEST_TMPDIR/asked" | cut -d' ' -f1)"
  since="$(grep -o -- '--since [0-9.]*' "$BATS_TEST_TMPDIR/asked" | cut -d' ' -f2)"
  [[ $since < $listed && $since =~ ^[0-9]{10}\.[0-9]{6}$ ]]
}

# Plays Docker's socket: notes what it is asked for, answers with `$1`, tells one event and then nothing for long.
docker_socket() {
  echo "unix://$BATS_TEST_TMPDIR/docker.sock" >"$BATS_TEST_TMPDIR/context"
  /usr/bin/perl -e '
    use Socket;
    my ($path, $answer, $asked) = @ARGV;
    socket(my $server, PF_UNIX, SOCK_STREAM, 0) or die $!;
    bind($server, sockaddr_un($path)) && listen($server, 1) or die $!;
    accept(my $client, $server) or die $!;
    my $request = "";
    while ($request !~ /\r\n\r\n/) { sysread($client, $request, 4096, length $request) or last }
    open(my $file, ">", $asked); print $file $request; close $file;
    syswrite($client, $answer);
    my $rin = ""; vec($rin, fileno($client), 1) = 1;
    select($rin, undef, undef, 30) unless $answer =~ /ends/;' "$BATS_TEST_TMPDIR/docker.sock" "$1" "$BATS_TEST_TMPDIR/request" 3>&- &
  eventually test -S "$BATS_TEST_TMPDIR/docker.sock"
}
OK=$'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n'

@test "where Docker is reached by a socket, one small process reads its events there, since before it listed" {
  docker_socket "$OK"$'{"Type":"container","Action":"start"}\n'
  mkfifo "$BATS_TEST_TMPDIR/in"
  setsid "$PLUGIN/subcommands/containers" dokkubase:containers --follow \
    <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" &
  session=$!
  exec 7>"$BATS_TEST_TMPDIR/in"
  until_followed "$BATS_TEST_TMPDIR/out"
  [[ $(pgrep -s "$session" | wc -l) -eq 1 ]]
  mapfile -t out <"$BATS_TEST_TMPDIR/out"
  [[ ${out[4]} == '{"kind":"following","by":"socket"}' && ${out[5]} == '{"Type":"container","Action":"start"}' ]]
  run ! grep -q ' events' "$BATS_TEST_TMPDIR/asked"
  since="$(grep -o 'since=[0-9.]*' "$BATS_TEST_TMPDIR/request")"
  listed="$(head -n1 "$BATS_TEST_TMPDIR/asked" | cut -d' ' -f1)"
  [[ ${since#since=} < $listed && $(<"$BATS_TEST_TMPDIR/request") == 'GET /events?since='*'%22oom%22'*'container%2Dtype%3Ddeploy'*' HTTP/1.0'* ]]
  exec 7>&-
  wait "$session"
  nothing_left "$session"
}

@test "reading the socket, it ends when it is read no more, when it is killed and when Docker ends" {
  mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/pipe"
  exec 7<>"$BATS_TEST_TMPDIR/in"
  docker_socket "$OK"$'{"Type":"container","Action":"start"}\n'
  setsid "$PLUGIN/subcommands/containers" dokkubase:containers --follow <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/pipe" 7>&- &
  session=$!
  exec 8<"$BATS_TEST_TMPDIR/pipe"
  last=''
  until [[ $last == *Action* ]]; do read -r last <&8; done
  exec 8<&-
  nothing_left "$session"

  rm "$BATS_TEST_TMPDIR/docker.sock"
  docker_socket "$OK"$'{"Type":"container","Action":"start"}\n'
  setsid "$PLUGIN/subcommands/containers" dokkubase:containers --follow <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/killed" 7>&- &
  session=$!
  until_followed "$BATS_TEST_TMPDIR/killed"
  kill -KILL "$session"
  nothing_left "$session"

  rm "$BATS_TEST_TMPDIR/docker.sock"
  docker_socket "$OK"$'{"Type":"container","Action":"ends"}\n'
  run timeout 10 "$PLUGIN/subcommands/containers" dokkubase:containers --follow <"$BATS_TEST_TMPDIR/in" 7>&-
  [[ $status -eq 3 ]]
  exec 7>&-
}

@test "a Docker that refuses to tell its events is said with its own words" {
  docker_socket $'HTTP/1.0 400 Bad Request\r\n\r\n{"message":"no such filter"} ends'
  run --separate-stderr timeout 10 "$PLUGIN/subcommands/containers" dokkubase:containers --follow < <(sleep 10)
  [[ $status -eq 4 && $stderr == *'HTTP/1.0 400 Bad Request'*'no such filter'* ]]
}

@test "where Docker is elsewhere, or its socket is not ours, its own command is asked" {
  for host in tcp://10.0.0.1:2375 ssh://docker@elsewhere '' "unix://$BATS_TEST_TMPDIR/none.sock"; do
    echo "$host" >"$BATS_TEST_TMPDIR/context"
    run containers --follow < <(until grep -q -- --since "$BATS_TEST_TMPDIR/asked" 2>/dev/null; do sleep 0.05; done)
    [[ $output == *'{"kind":"following","by":"docker"}'* ]]
    rm "$BATS_TEST_TMPDIR/asked"
  done
}

@test "it ends when stdin closes" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  setsid "$PLUGIN/subcommands/containers" dokkubase:containers --follow \
    <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" &
  session=$!
  exec 7>"$BATS_TEST_TMPDIR/in"
  until_followed "$BATS_TEST_TMPDIR/out"
  eventually at_least_four_of "$session"
  exec 7>&-
  wait "$session"
  nothing_left "$session"
}

@test "it ends when nobody reads it any more, also if nothing happens" {
  mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
  exec 7<>"$BATS_TEST_TMPDIR/in"
  setsid "$PLUGIN/subcommands/containers" dokkubase:containers --follow \
    <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 7>&- &
  session=$!
  exec 8<"$BATS_TEST_TMPDIR/out"
  last=''
  until [[ $last == *start* ]]; do read -r last <&8; done
  exec 8<&-
  nothing_left "$session"
  exec 7>&-
}

@test "killed by any signal, it leaves nothing running" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 7<>"$BATS_TEST_TMPDIR/in"
  for signal in HUP INT TERM KILL; do
    setsid "$PLUGIN/subcommands/containers" dokkubase:containers --follow \
      <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/$signal" 7>&- &
    session=$!
    until_followed "$BATS_TEST_TMPDIR/$signal"
    # A background job of bats ignores INT
    [[ $signal == INT ]] && kill -TERM "$session" || kill "-$signal" "$session"
    nothing_left "$session"
  done
  exec 7>&-
}

@test "when Docker stops telling, it ends with Docker's exit code" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 7<>"$BATS_TEST_TMPDIR/in"
  touch "$BATS_TEST_TMPDIR/ends"
  run timeout 180 "$PLUGIN/subcommands/containers" dokkubase:containers --follow <"$BATS_TEST_TMPDIR/in" 7>&-
  [[ $status -eq 3 ]]
  exec 7>&-
}

@test "a Docker that does not answer is said, with what to try" {
  touch "$BATS_TEST_TMPDIR/down"
  run --separate-stderr containers --follow
  [[ $status -eq 1 && -z $output && $stderr == *"see if 'docker ps' works for $(id -un)"* ]]
}

@test "an option it does not know is said, with what to type" {
  for words in --nope '--follow blog' blog ''; do
    # shellcheck disable=SC2086 # Two words.
    run --separate-stderr containers ${words:-''}
    [[ $status -eq 1 && -z $output && $stderr == *'Type: dokku dokkubase:containers [--follow]'* ]]
  done
  [[ ! -e $BATS_TEST_TMPDIR/asked ]]
}
