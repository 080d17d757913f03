package io.pressluft.controlplane.provider.nspawn;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Everything that decides what an image contains; equal recipes make equal names.
 *
 * @param proxies lines of apt configuration that name the host's proxies; may hold passwords
 */
record ImageRecipe(HostDistribution distribution, List<AptSource> sources, String proxies) {

    /** To be raised when the way an image is built changes. */
    private static final int REVISION = 1;

    /** What boots, what answers SSH, and what Ansible needs at the other end. */
    static final List<String> PACKAGES = List.of(
            "systemd",
            "systemd-sysv",
            "dbus",
            "libpam-systemd",
            "openssh-server",
            "iproute2",
            "nftables",
            "sudo",
            "python3",
            "python3-apt",
            "acl",
            "ca-certificates",
            "curl",
            "procps",
            "gpgv");

    /** Nobody reads these in a machine, and small files are what makes copying a root slow. */
    static final List<String> EXCLUDED = List.of("/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*");

    ImageRecipe {
        sources = List.copyOf(sources);
    }

    static ImageRecipe ofThisHost(HostCommands commands) {
        HostDistribution distribution = Capabilities.distribution();
        return new ImageRecipe(
                distribution, HostArchive.ofThisHost().sources(distribution), HostArchive.proxies(commands));
    }

    /** A proxy on the host's loopback serves the build, and no machine. */
    boolean proxiesServeMachines() {
        return !proxies.contains("127.") && !proxies.contains("localhost") && !proxies.contains("[::1]");
    }

    String name() {
        return "%s-%s-%s".formatted(distribution.id(), distribution.suite(), hash());
    }

    @Override
    public String toString() {
        return name();
    }

    private String hash() {
        String text = REVISION + "\n" + System.getProperty("os.arch") + "\n" + PACKAGES + EXCLUDED + "\n"
                + AptSource.file(sources) + proxies;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
