package io.pressluft.controlplane.provider.nspawn;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that decides what an image contains; equal recipes make equal names.
 *
 * @param proxies lines of apt configuration that name the host's proxies; may hold passwords
 */
record ImageRecipe(HostDistribution distribution, List<AptSource> sources, String proxies) {

    /** To be raised when the way an image is built changes. */
    private static final int REVISION = 3;

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

    /**
     * What provisioning installs: with it in the image a node need not fetch it again, and nothing that a node can write
     * is ever shared with another. A package that is missing here only costs time.
     */
    static final List<String> RUNTIME = List.of(
            "ansible-core",
            "openssl",
            "restic",
            "rsync",
            "unattended-upgrades",
            "fail2ban",
            "python3-systemd",
            "ufw",
            "iptables",
            "mariadb-server",
            "mariadb-client",
            "redis-server",
            "nginx",
            "php-redis");

    private static final List<String> PHP =
            List.of("fpm", "cli", "mysql", "curl", "gd", "intl", "mbstring", "xml", "zip", "bcmath");

    /** Everything that is in the image. */
    List<String> packages() {
        return Stream.concat(
                        Stream.concat(PACKAGES.stream(), RUNTIME.stream()),
                        PHP.stream().map(part -> "php%s-%s".formatted(phpVersion(), part)))
                .toList();
    }

    /** Services that their packages turn on and that provisioning configures first. */
    List<String> services() {
        return List.of(
                "fail2ban.service",
                "mariadb.service",
                "nginx.service",
                "redis-server.service",
                "php%s-fpm.service".formatted(phpVersion()));
    }

    /** As the distributions ship it. */
    private String phpVersion() {
        return switch (distribution.suite()) {
            case "bookworm" -> "8.2";
            case "noble" -> "8.3";
            default -> "8.4";
        };
    }

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
        String text = REVISION + "\n" + System.getProperty("os.arch") + "\n" + packages() + EXCLUDED + "\n"
                + AptSource.file(sources) + proxies;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
