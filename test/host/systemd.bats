#!/usr/bin/env bats
# Under systemd. It runs in no container, so a script plays `systemctl`; what reads the unit is systemd's own.

load stage
load install

setup_file() {
  make_installed_layer
  server_up installed clone base
  on_server_script <<'SCRIPT'
rm -rf /etc/service/dokkubase /etc/sv/dokkubase
mkdir -p /run/systemd/system /etc/systemd/system/multi-user.target.wants
install -m 0755 /srv/dokkubase/test/host/server/systemctl /usr/bin/systemctl
SCRIPT
}

teardown_file() {
  server_down
}

@test "the unit is written, read anew, started at boot and now; the second run does nothing of that" {
  # What an install that was killed leaves: nothing was started
  on_server bash -c 'echo "- x" >/opt/dokkubase/switching'
  plugin install
  answers
  [[ $(on_server xargs -a /tmp/asked) == *'daemon-reload enable dokkubase.service'*'restart dokkubase.service'* ]]
  [[ $(on_server stat -c '%a %U' /etc/systemd/system/dokkubase.service) == '644 root' ]]
  on_server truncate -s 0 /tmp/asked
  plugin install
  [[ -z $output && $(on_server cat /tmp/asked) == 'is-active dokkubase.service' ]]
}

@test "systemd finds nothing wrong in the unit" {
  run on_server systemd-analyze verify --man=no /etc/systemd/system/dokkubase.service
  [[ $status -eq 0 && $output != *dokkubase.service* ]] || fail "$output"
}

@test "nothing in the unit takes sudo away, and stopping it ends no deploy" {
  run grep -E '^(NoNewPrivileges|SystemCall|Restrict|Private|Protect|MemoryDeny|LockPersonality|DynamicUser|Capability|Ambient|SecureBits)' \
    "$REPO/ui/host/dokkubase.service"
  [[ -z $output ]]
  grep -qx KillMode=process "$REPO/ui/host/dokkubase.service"
}

@test "uninstall stops it, disables it and takes the unit away" {
  plugin uninstall dokkubase
  [[ $(on_server xargs -a /tmp/asked) == *'disable --now dokkubase.service daemon-reload' ]]
  [[ -z $(on_server find /etc/systemd -name 'dokkubase*') && -z $(on_server pgrep -f /opt/dokkubase) ]]
}
