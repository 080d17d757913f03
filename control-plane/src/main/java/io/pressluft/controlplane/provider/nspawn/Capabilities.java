package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What this host must have to run local nodes. scripts/check-readiness.sh says the same to a human. */
final class Capabilities {

    private static final long DISK_BYTES = 3L * 1024 * 1024 * 1024;

    /** Command to package. */
    private static final Map<String, String> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("systemd-nspawn", "systemd-container");
        COMMANDS.put("mmdebstrap", "mmdebstrap");
        COMMANDS.put("nft", "nftables");
        COMMANDS.put("ip", "iproute2");
        COMMANDS.put("ssh-keygen", "openssh-client");
        COMMANDS.put("ssh-keyscan", "openssh-client");
        COMMANDS.put("systemctl", "systemd");
        COMMANDS.put("setsid", "util-linux");
    }

    private final Path dataDirectory;

    Capabilities(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    void require() {
        List<String> problems = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            problems.add("the control plane does not run as root");
            remedies.add("start it with sudo");
        }
        var packages = new TreeSet<String>();
        COMMANDS.forEach((command, from) -> {
            if (!onPath(command)) {
                problems.add(command + " is not installed");
                packages.add(from);
            }
        });
        if (!packages.isEmpty()) {
            remedies.add("run apt-get install " + String.join(" ", packages));
        }
        long free = existing(dataDirectory).toFile().getUsableSpace();
        if (free < DISK_BYTES) {
            problems.add("%s has %d MiB of free disk, a node needs %d"
                    .formatted(dataDirectory, free >> 20, DISK_BYTES >> 20));
            remedies.add("free disk space");
        }
        if (!problems.isEmpty()) {
            throw ProviderException.capabilityMissing(
                    "This host cannot run local nodes: " + String.join("; ", problems) + ".",
                    "Please " + String.join("; ", remedies) + ".");
        }
        distribution().requireSupported();
    }

    static HostDistribution distribution() {
        try {
            return HostDistribution.parse(Files.readString(Path.of("/etc/os-release")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The system directories too: a path inherited from an ordinary user's session lacks them. */
    private static boolean onPath(String command) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin:/usr/bin:/sbin:/bin";
        for (String directory : path.split(File.pathSeparator)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, command))) {
                return true;
            }
        }
        return false;
    }

    private static Path existing(Path path) {
        Path parent = path.getParent();
        return Files.exists(path) || parent == null ? path : existing(parent);
    }
}
