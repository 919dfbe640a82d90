# What install's own tests share. The layer `clone` has a repository of these sources for `plugin:install` to clone and
# npm's packages on the server, since no server here reaches a registry; `installed` is what a first install leaves.

# What is cloned, and hard links to nothing
CLONE=file:///srv/git/dokkubase.git

layer() {
  in_stage test -d "$HOST_STAGE/fs/layers/$1"
}

# Sources are taken as they lie here, committed or not.
make_clone_layer() {
  layer clone && return
  server_up
  server_gets_node
  git -C "$REPO" ls-files -co --exclude-standard -z -- plugin.toml package.json package-lock.json install commands \
    subcommands triggers ui .gitignore | (cd "$REPO" && xargs -0 tar -cf -) \
    | on_server bash -c 'mkdir -p /srv/git/dokkubase.git && cd /srv/git/dokkubase.git && tar -xf - --no-same-owner && git init -q -b main && git add . \
      && git -c user.name=Ada -c user.email=ada@example.com commit -qm all'
  npm_packages
  on_server_script <<'BASH'
install -d -o dokku /srv/npm-cache
# npm writes there even when it only reads
cp -R /srv/dokkubase/node_modules/.cache/host-npm/_cacache /srv/npm-cache
chown -R dokku /srv/npm-cache
printf 'cache=/srv/npm-cache\noffline=true\n' >/home/dokku/.npmrc
BASH
  server_keep clone
}

# A cache with the packages of an install, got once for a checkout.
npm_packages() {
  local cache="$REPO/node_modules/.cache/host-npm" folder="$BATS_RUN_TMPDIR/npm-packages" sum
  sum="$(cat "$REPO/package-lock.json" "$REPO/ui/host/release" | sha256sum)" sum="${sum%% *}"
  if [[ ! -e $cache/$sum ]]; then
    rm -rf "$cache" "$folder"
    mkdir -p "$folder"
    (source "$REPO/ui/host/release" && fn-dokkubase-release-packages "$REPO" "$folder")
    (cd "$folder" && npm install --omit=dev --ignore-scripts --no-audit --no-fund --no-save --loglevel=error --cache "$cache") >&2
    touch "$cache/$sum"
  fi
}

make_installed_layer() {
  layer installed && return
  make_clone_layer
  server_up clone base
  server_gets_runit
  on_server dokku plugin:install "$CLONE" >"$HOST_STAGE/installed.said" 2>&1
  wait_for answers
  on_server sv -w 10 force-stop /etc/sv/dokkubase >/dev/null
  server_keep installed
}

# A server on which the panel runs.
installed_up() {
  server_up installed clone base
  server_gets_runit
  wait_for answers
}

# As a containerised Dokku has it.
server_gets_runit() {
  on_server mkdir -p /etc/service
  on_server bash -c 'setsid runsvdir -P /etc/service >/dev/null 2>&1 </dev/null &'
}

answers() {
  [[ $(on_server curl -fsS --max-time "$PATIENCE" http://127.0.0.1:3999/healthz) == *'"status":"ok"'* ]]
}

# What Dokku calls, with what it said in `output`; it may never fail.
plugin() {
  run on_server dokku "plugin:$1" "${@:2}"
  # shellcheck disable=SC2154 # Set by `run`.
  [[ $status -eq 0 ]] || fail "exit $status, said: $output"
}

said() {
  [[ $output == *"$1"* ]] || fail "said: $output"
}

# Everything an install could touch, with modes, owners, sizes and times; not what the service itself writes.
listing() {
  on_server find /opt /etc /home /root /usr/local /var/lib /var/log -xdev \
    \( -path /var/lib/dokkubase -o -path '*/supervise' -o -path /var/log/dokkubase -o -path '*/.npm' -o -path /var/lib/nginx -o -name gate.log \) -prune -o \
    -type d -printf '%p %y %m %u:%g %T@\n' -o -printf '%p %y %l %m %u:%g %s %T@\n' | sort
}

# A new version in the repository that the plugin was cloned from: `publish VERSION` with changes as a script on stdin.
publish() {
  on_server bash -c 'cd /srv/git/dokkubase.git && sed -i "s/^version = .*/version = \"$1\"/" plugin.toml && bash -euo pipefail -s \
    && git add -A && git -c user.name=Ada -c user.email=ada@example.com commit -qm "$1"' bash "$1"
}

live() {
  on_server readlink /opt/dokkubase/current
}

# One line of the panel's own report.
recorded() {
  on_server_as dokkubase /opt/dokkubase/current/host/panel report | sed -n "s/^$1 //p"
}

dokku_works() {
  on_server dokku help >/dev/null
  on_server dokku plugin:list >/dev/null
  on_server dokku apps:create "app-$RANDOM" >/dev/null
}
