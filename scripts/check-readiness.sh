#!/usr/bin/env bash
# Says whether this machine can run local nodes: one line per need, "ok" or "missing" with the exact fix.
# Changes nothing. Exit code 0 when everything needed is there, 1 otherwise.
# Usage: scripts/check-readiness.sh [data directory]
set -u
PATH="$PATH:/usr/sbin:/sbin"

data="${1:-$(cd "$(dirname "$0")/.." && pwd)/.pressluft}"
missing=0

ok() { printf 'ok       %-12s %s\n' "$1" "$2"; }
note() { printf 'note     %-12s %s\n' "$1" "$2"; }
missing() {
    printf 'missing  %-12s %s\n                      fix: %s\n' "$1" "$2" "$3"
    missing=1
}

os_release() { sed -n "s/^$1=//p" /etc/os-release 2>/dev/null | tr -d '"'; }

check_os() {
    local id version
    id=$(os_release ID)
    version=$(os_release VERSION_ID)
    case "$id $version" in
        "debian 12" | "debian 13" | "ubuntu 24.04") ok os "$id $version" ;;
        *) missing os "$id $version is not supported" "use Debian 12, Debian 13 or Ubuntu 24.04" ;;
    esac
    # systemd inside a node follows the host's release, and from 256 on it wants the unified layout.
    if [ "$id $version" = "debian 13" ] && [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
        missing os "Debian 13 nodes need cgroup v2" "boot without systemd.unified_cgroup_hierarchy=0, or use Debian 12"
    fi
}

check_root() {
    if [ "$(id -u)" = 0 ]; then
        ok root "running as root"
    else
        missing root "local nodes need root" "sudo $0 $*"
    fi
}

check_systemd() {
    if [ -d /run/systemd/system ]; then
        ok systemd "systemd runs this host; nodes become transient units"
    else
        ok systemd "not PID 1 here; nodes run as processes of their own"
    fi
}

check_wsl() {
    grep -qi microsoft /proc/sys/kernel/osrelease 2>/dev/null || return 0
    if [ ! -e /proc/sys/fs/binfmt_misc/WSLInterop ] && ! grep -qi wsl2 /proc/sys/kernel/osrelease; then
        missing wsl "this looks like WSL 1" "in PowerShell: wsl --set-version <distribution> 2"
    elif [ -d /run/systemd/system ]; then
        ok wsl "WSL2 with systemd"
    else
        missing wsl "WSL2 without systemd" \
            "printf '[boot]\\nsystemd=true\\n' | sudo tee -a /etc/wsl.conf, then in PowerShell: wsl --shutdown"
    fi
}

check_cgroups() {
    local name lacking=""
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        for name in memory cpu pids; do
            grep -qw "$name" /sys/fs/cgroup/cgroup.controllers || lacking="$lacking $name"
        done
        layout="v2"
    else
        for name in memory cpu pids; do
            grep -Eq "^cgroup /sys/fs/cgroup/([^ ]*,)?${name}(,[^ ]*)? cgroup rw" /proc/self/mounts || lacking="$lacking $name"
        done
        layout="v1"
        [ -d /sys/fs/cgroup/unified ] && layout="hybrid v1"
    fi
    if [ -z "$lacking" ]; then
        ok cgroups "$layout with memory, cpu and pids"
    else
        missing cgroups "$layout without$lacking" "boot the kernel with cgroup_enable=memory, outside of a container"
    fi
}

check_commands() {
    local entry command packages=""
    for entry in systemd-nspawn:systemd-container mmdebstrap:mmdebstrap nft:nftables ip:iproute2 \
        ssh-keygen:openssh-client ssh-keyscan:openssh-client systemctl:systemd setsid:util-linux; do
        command=${entry%%:*}
        if command -v "$command" >/dev/null 2>&1; then
            ok command "$command"
        else
            missing command "$command" "apt-get install ${entry#*:}"
            packages="$packages ${entry#*:}"
        fi
    done
    [ -z "$packages" ] || note command "all at once: apt-get update && apt-get install$packages"
}

check_memory() {
    local free
    free=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
    if [ "$free" -ge 2048 ]; then
        ok memory "$free MiB available"
    else
        missing memory "$free MiB available, 2048 needed for the control plane and one node" "stop something or add memory"
    fi
}

check_disk() {
    local place=$data free
    while [ ! -d "$place" ]; do place=$(dirname "$place"); done
    free=$(df -Pm "$place" | awk 'NR == 2 { print $4 }')
    if [ "$free" -ge 5120 ]; then
        ok disk "$free MiB free under $place"
    else
        missing disk "$free MiB free under $place, 5120 needed" "free space there or choose another data directory"
    fi
}

check_jdk() {
    local java
    for java in "${JAVA_HOME:-/nonexistent}/bin/javac" /usr/lib/jvm/*25*/bin/javac "$(command -v javac)"; do
        if [ -x "$java" ] && "$java" -version 2>&1 | grep -q '^javac 25'; then
            ok jdk "$(dirname "$(dirname "$java")")"
            return
        fi
    done
    if [ "$(os_release VERSION_CODENAME)" = bookworm ]; then
        missing jdk "no JDK 25" "Debian 12 has none: install Temurin 25 under /usr/lib/jvm"
    else
        missing jdk "no JDK 25" "apt-get install openjdk-25-jdk-headless"
    fi
}

check_forwarding() {
    if [ "$(cat /proc/sys/net/ipv4/ip_forward 2>/dev/null)" = 1 ]; then
        ok forwarding "on"
    elif [ -w /proc/sys/net/ipv4/ip_forward ]; then
        ok forwarding "off; turned on while nodes run"
    else
        missing forwarding "off and not changeable" "sysctl -w net.ipv4.ip_forward=1 on the real host, or run as root"
    fi
    if command -v nft >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        if nft list tables >/dev/null 2>&1; then
            ok nftables "answers"
        else
            missing nftables "the kernel refuses nft" "modprobe nf_tables, or use a kernel with nftables"
        fi
    fi
    if ip route show default 2>/dev/null | grep -q .; then
        ok route "default route is there"
    else
        missing route "no default route, nodes could not install packages" "connect this machine to a network"
    fi
}

check_dev() {
    local device lacking=""
    for device in /dev/null /dev/zero /dev/urandom /dev/ptmx; do
        [ -c "$device" ] || lacking="$lacking $device"
    done
    if [ -z "$lacking" ]; then
        ok dev "null, zero, urandom and ptmx are there"
    else
        missing dev "without$lacking" "mount -t devtmpfs dev /dev; mount -t devpts devpts /dev/pts"
    fi
}

check_os
check_root "$@"
check_systemd
check_wsl
check_cgroups
check_commands
check_memory
check_disk
check_jdk
check_forwarding
check_dev
exit "$missing"
