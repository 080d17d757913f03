package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What turns a copy of the image into one particular machine. Identity is given once, before the machine ever runs;
 * surroundings are given before every start, since the host may have changed meanwhile.
 */
final class Seed {

    private static final String CONTROLLERS_UNIT = "etc/systemd/system/pressluft-controllers.service";
    private static final String CONTROLLERS_WANTED =
            "etc/systemd/system/sysinit.target.wants/pressluft-controllers.service";

    private final RootFiles root;
    private final AcquisitionSpec spec;

    Seed(RootFiles root, AcquisitionSpec spec) {
        this.root = root;
        this.spec = spec;
    }

    void identity(HostKey hostKey, RandomGenerator random) throws IOException {
        byte[] machineId = new byte[16];
        random.nextBytes(machineId);
        root.write("etc/machine-id", HexFormat.of().formatHex(machineId) + "\n", "r--r--r--");
        root.write("etc/hostname", spec.nodeName() + "\n", "rw-r--r--");
        root.write("etc/hosts", """
                127.0.0.1 localhost
                127.0.1.1 %s
                ::1 localhost ip6-localhost ip6-loopback
                """.formatted(spec.nodeName()), "rw-r--r--");
        root.write("etc/ssh/ssh_host_ed25519_key", hostKey.privateKey(), "rw-------");
        root.write("etc/ssh/ssh_host_ed25519_key.pub", hostKey.publicKey() + "\n", "rw-r--r--");
        root.write("etc/ssh/sshd_config.d/10-pressluft.conf", """
                HostKey /etc/ssh/ssh_host_ed25519_key
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                UseDNS no
                """, "rw-r--r--");
        root.write("root/.ssh/authorized_keys", spec.sshPublicKey() + "\n", "rw-------");
        root.directory("root/.ssh", "rwx------");
        root.write("etc/apt/apt.conf.d/90pressluft", """
                // The next machine on this host gets these packages without downloading them again.
                APT::Keep-Downloaded-Packages "true";
                Binary::apt::APT::Keep-Downloaded-Packages "true";
                """, "rw-r--r--");
    }

    /** Never touches the authorized key: it is narrowed later, and stays narrow. */
    void surroundings(NetworkPlan network, List<String> resolvers, boolean controllersReadOnly) throws IOException {
        root.write(
                "etc/systemd/network/10-pressluft.network",
                """
                [Match]
                Name=host0

                [Network]
                Address=%s/%d
                Gateway=%s
                LinkLocalAddressing=no
                IPv6AcceptRA=no
                """.formatted(network.address(spec.nodeId()), network.network().prefix(), network.gateway()),
                "rw-r--r--");
        StringBuilder resolvConf = new StringBuilder();
        resolvers.forEach(
                resolver -> resolvConf.append("nameserver ").append(resolver).append('\n'));
        root.write("etc/resolv.conf", resolvConf.toString(), "rw-r--r--");
        if (controllersReadOnly) {
            controllers();
        } else {
            root.delete(CONTROLLERS_WANTED);
            root.delete(CONTROLLERS_UNIT);
        }
    }

    /**
     * Without a unified hierarchy nspawn mounts the controllers read-only, and limits of units silently do nothing.
     * Done from inside, so that it also holds after a reboot of the machine.
     */
    private void controllers() throws IOException {
        root.write(CONTROLLERS_UNIT, """
                [Unit]
                Description=Make the control groups of this machine its own
                DefaultDependencies=no
                Before=sysinit.target
                Conflicts=shutdown.target

                [Service]
                Type=oneshot
                RemainAfterExit=yes
                ExecStart=/bin/sh -c 'for c in memory cpu cpuacct cpu,cpuacct pids blkio; do \
                if [ -d /sys/fs/cgroup/$c ] && [ ! -L /sys/fs/cgroup/$c ]; then \
                mount -o remount,bind,rw,nosuid,nodev,noexec /sys/fs/cgroup/$c || exit 1; fi; done'
                ExecStart=systemctl --no-block daemon-reexec
                """, "rw-r--r--");
        root.link(CONTROLLERS_WANTED, "/etc/systemd/system/pressluft-controllers.service");
    }
}
