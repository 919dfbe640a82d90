# The first process of a made-up server: puts its root together, then waits and reaps. Called by stage.bash in fresh
# namespaces: boot.bash FOLDER LOWER REPO BOOTED, where BOOTED is the file that
# then holds this process.
set -euo pipefail
server="$1" lower="$2" repo="$3" booted="$4"
# Its number on the machine: /proc is still the machine's.
read -r pid _ </proc/self/stat
root="$server/root"
mkdir -p "$server"/{upper,work,root}
chown --reference="${lower%%:*}" "$server/upper"
chmod --reference="${lower%%:*}" "$server/upper"
# What an earlier life of the machine left is not there, where the layers below do not say otherwise.
if [[ $lower == / ]]; then
  for hidden in /var/lib/dokku /var/lib/dokkubase /var/lib/docker /home/dokku /opt /usr/bin/dokku /etc/default/dokku /etc/sudoers \
    /etc/sudoers.d /etc/nginx/conf.d /etc/nginx/nginx.conf /etc/nginx/sites-enabled /etc/service /etc/sv \
    /etc/systemd/system /usr/bin/systemctl /usr/local/bin/plugn /var/log /root /usr/bin/{node,npm,npx} \
    /usr/local/bin/{node,npm,npx}; do
    # Also what is not there now: the machine may get it while a server lives
    folder="$(realpath "${hidden%/*}/")" hidden="${folder%/}/${hidden##*/}"
    mkdir -p "$server/upper${hidden%/*}"
    mknod "$server/upper$hidden" c 0 0
  done
fi
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$server/upper,workdir=$server/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
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
echo "$pid" >"$booted"
exec chroot "$root" /bin/bash -c 'while :; do sleep 3600 & wait "$!"; done'
