# The first process of a made-up server: puts its root together, then waits and reaps. Called by stage.bash in fresh
# namespaces: boot.bash FOLDER LOWER REPO BOOTED, where BOOTED is the file that holds this process once the server can be
# entered. With a fifth argument the server is a new one, made of nothing but the machine's programs.
set -euo pipefail
server="$1" lower="$2" repo="$3" booted="$4" new="${5-}"
# Its number on the machine: /proc is still the machine's.
read -r pid _ </proc/self/stat
root="$server/root"

# What a new server has of the machine: the programs and settings of Debian's packages. The rest may be anything, a
# Dokku at work included, and is not there: not even as what the machine gets or loses while the server lives.
hide_machine() {
  local layer entry
  for layer in ${lower//:/ }; do
    for entry in "${layer%/}"/*; do
      entry="${entry##*/}"
      case $entry in
        bin | sbin | lib | lib32 | lib64 | libx32 | usr | etc | dev | proc | sys | run | tmp) ;;
        *) hide "/$entry" ;;
      esac
    done
  done
  for entry in /usr/local /usr/bin/{dokku,plugn,sshcommand,docker,systemctl,node,nodejs,npm,npx}; do hide "$entry"; done
}

# As an overlay knows that something was removed.
hide() {
  [[ ! -e $server/upper$1 ]] || return 0
  mkdir -p "$server/upper${1%/*}"
  mknod "$server/upper$1" c 0 0
}

# A copy, for the machine's own may change while the server lives.
copy_settings() {
  cp -a "$root/etc" "$root/etc.copy"
  rm -rf "${root:?}/etc"
  mv "$root/etc.copy" "$root/etc"
}

# Devices that belong to no one; not the machine's /dev/log, by which sudo would tell it what happens here.
make_devices() {
  local node
  mount -t tmpfs -o mode=755 tmpfs "$root/dev"
  for node in null zero full random urandom tty; do
    : >"$root/dev/$node"
    mount --bind "/dev/$node" "$root/dev/$node"
  done
  mkdir "$root"/dev/{pts,shm}
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
  ln -s fd/0 "$root/dev/stdin"
  ln -s fd/1 "$root/dev/stdout"
  ln -s fd/2 "$root/dev/stderr"
}

mkdir -p "$server"/{upper,work,root}
chown --reference="${lower%%:*}" "$server/upper"
chmod --reference="${lower%%:*}" "$server/upper"
[[ ! $new ]] || hide_machine
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$server/upper,workdir=$server/work" "$root"
[[ ! $new ]] || copy_settings
make_devices
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mkdir -p "$root/srv/dokkubase"
mount --bind "$repo" "$root/srv/dokkubase"
mount -o remount,bind,ro "$root/srv/dokkubase"
npm="$(readlink -f "$(command -v npm)")"
mkdir -p "$root/srv/npm"
mount --bind "${npm%/bin/*}" "$root/srv/npm"
ip link set lo up
hostname server
# Only now is there nothing left of the machine: who enters before would be root on it
exec 8>"$booted"
cd "$root"
pivot_root . .
umount -l .
# By its last word stage.bash knows this process from one of the machine's that has its number later
exec /bin/bash -c 'echo "$0" >&8 && exec 8>&- && while :; do sleep 3600 & wait "$!"; done' "$pid" "$server"
