#!/bin/bash
# A machine that Pressluft did not make: plain Debian with sshd and sudo, beside its bridge and nothing else.
# plain-machine.sh build <cached root> | up <directory> <cached root> <name> <network, e.g. 10.1.2> <packages> | down <directory> <name>
set -euo pipefail

groups() {
    awk '$3 == "cgroup" || $3 == "cgroup2" {print $2}' /proc/self/mounts | sort -u
}

sources() {
    cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
        awk -v RS= -v suite="$1" '/(^|\n)Types: *deb/ && $0 ~ "Suites:[^\n]*" suite {print $0 "\n"}'
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
        awk -v suite="$1" '$1 == "deb" && index($0, " " suite) {print}' || true
}

build() {
    local root=$1 suite list
    # shellcheck disable=SC1091
    suite=$(. /etc/os-release; echo "$VERSION_CODENAME")
    rm -rf "$root.new"
    list=$(mktemp --suffix=.sources)
    sources "$suite" >"$list"
    mmdebstrap --quiet --mode=root --variant=minbase --format=directory --skip=cleanup/apt/lists \
        --include=systemd,systemd-sysv,dbus,libpam-systemd,openssh-server,iproute2,python3,sudo,ca-certificates \
        "$suite" "$root.new" "$list"
    rm -f "$list" "$root.new"/etc/ssh/ssh_host_* "$root.new/etc/machine-id" "$root.new/var/lib/dbus/machine-id"
    systemctl --root="$root.new" --quiet enable systemd-networkd.service ssh.service
    mv "$root.new" "$root"
}

settle() {
    local root=$1 name=$2 network=$3
    tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
    echo "$name" >"$root/etc/hostname"
    printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >"$root/etc/hosts"
    cat >"$root/etc/systemd/network/10-host0.network" <<NET
[Match]
Name=host0

[Network]
Address=$network.2/24
Gateway=$network.1
LinkLocalAddressing=no
IPv6AcceptRA=no
NET
    grep -E '^nameserver' /etc/resolv.conf >"$root/etc/resolv.conf"
    echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' >"$root/etc/apt/apt.conf.d/01keep"
    ssh-keygen -q -t ed25519 -N '' -f "$root/etc/ssh/ssh_host_ed25519_key"
    ssh-keygen -q -t ecdsa -N '' -f "$root/etc/ssh/ssh_host_ecdsa_key"
    chroot "$root" useradd --create-home --shell /bin/bash keeper
    chroot "$root" useradd --create-home --shell /bin/bash visitor
    echo 'keeper ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/keeper"
    chmod 0440 "$root/etc/sudoers.d/keeper"
}

up() {
    local directory=$1 image=$2 name=$3 network=$4 packages=$5 group
    mkdir -p "$directory" "$packages"
    cp -a --reflink=auto "$image" "$directory/root"
    settle "$directory/root" "$name" "$network"
    ip link add "$name" type bridge
    ip address add "$network.1/24" dev "$name"
    ip link set "$name" up
    echo 1 >/proc/sys/net/ipv4/ip_forward
    nft -f - <<NFT
table ip $name {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr $network.0/24 oifname != "$name" masquerade
  }
}
NFT
    for group in $(groups); do
        mkdir -p "$group/$name"
        for file in cpuset.cpus cpuset.mems; do
            [ ! -e "$group/$name/$file" ] || [ ! -e "$group/$file" ] || cat "$group/$file" >"$group/$name/$file"
        done
    done
    # shellcheck disable=SC2016
    setsid env -i PATH="$PATH" SYSTEMD_NSPAWN_USE_CGNS=1 SYSTEMD_NSPAWN_TMPFS_TMP=0 bash -c '
        name=$1; shift
        for group in $(awk "\$3 == \"cgroup\" || \$3 == \"cgroup2\" {print \$2}" /proc/self/mounts | sort -u); do
            echo $$ >"$group/$name/cgroup.procs" || true
        done
        exec "$@"' launch "$name" \
        systemd-nspawn --quiet --directory="$directory/root" --machine="$name" --hostname="$name" --register=no \
        --keep-unit --boot --network-bridge="$name" --resolv-conf=off --timezone=off --link-journal=no \
        --bind="$packages:/var/cache/apt/archives" \
        >"$directory/console" 2>&1 </dev/null &
}

# Machines whose test was killed before it could remove them.
sweep() {
    local line directory name
    ps -e -o args= | { grep -E '^systemd-nspawn .*--machine=plr[0-9a-f]+ ' || true; } | sort -u | while read -r line; do
        name=$(sed 's/.*--machine=\([^ ]*\) .*/\1/' <<<"$line")
        directory=$(sed 's/.*--directory=\([^ ]*\)\/root .*/\1/' <<<"$line")
        kill -0 "$(cat "$directory/jvm" 2>/dev/null)" 2>/dev/null || down "$directory" "$name"
    done
}

down() {
    local directory=$1 name=$2 pid group i
    for pid in $(pgrep -f -x "systemd-nspawn .*--machine=$name .*" || true); do
        kill -TERM "$pid" 2>/dev/null || true
        for i in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || break
            [ "$i" -lt 60 ] || kill -KILL "$pid" 2>/dev/null || true
            sleep 0.1
        done
    done
    ip link delete "$name" 2>/dev/null || true
    nft delete table ip "$name" 2>/dev/null || true
    for group in $(groups); do
        find "$group/$name" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
    rm -rf "$directory"
}

"$@"
