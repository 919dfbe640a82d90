# What install's own tests share. The layer `clone` has a repository of these sources for `plugin:install` to clone and
# npm's packages on the server, since no server here reaches a registry; `installed` is what a first install leaves.

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
  local cache="$REPO/node_modules/.cache/host-npm" folder="$BATS_RUN_TMPDIR/npm-packages"
  local sum leave='del(.devDependencies, .optionalDependencies)'
  sum="$(sha256sum "$REPO/package-lock.json")" sum="${sum%% *}"
  if [[ ! -e $cache/$sum ]]; then
    rm -rf "$cache" "$folder"
    mkdir -p "$folder"
    jq "$leave" "$REPO/package.json" >"$folder/package.json"
    jq ".packages[\"\"] |= $leave" "$REPO/package-lock.json" >"$folder/package-lock.json"
    (cd "$folder" && npm install --omit=dev --ignore-scripts --no-audit --no-fund --no-save --loglevel=error --cache "$cache") >&2
    touch "$cache/$sum"
  fi
}

make_installed_layer() {
  layer installed && return
  make_clone_layer
  server_up clone base
  server_gets_runit
  on_server dokku plugin:install /srv/git/dokkubase.git >&2
  on_server sv -w 10 force-stop /etc/sv/dokkubase >&2
  server_keep installed
}

# As a containerised Dokku has it.
server_gets_runit() {
  on_server mkdir -p /etc/service
  on_server bash -c 'setsid runsvdir -P /etc/service >/dev/null 2>&1 </dev/null &'
}

listing() {
  on_server find /opt /etc /var/lib /usr/local /home /root -xdev -not -path '*/supervise*' -not -path '/var/lib/dokkubase/*' \
    -printf '%p %y %l %m %u:%g %s %T@\n' | sort
}
