package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.util.Set;

/** The distribution and release of this host, which its machines get too. */
record HostDistribution(String id, String version, String suite) {

    private static final Set<String> SUPPORTED = Set.of("debian 12", "debian 13", "ubuntu 24.04");

    /** From the text of {@code /etc/os-release}. */
    static HostDistribution parse(String osRelease) {
        return new HostDistribution(
                value(osRelease, "ID"), value(osRelease, "VERSION_ID"), value(osRelease, "VERSION_CODENAME"));
    }

    void requireSupported() {
        if (!SUPPORTED.contains(id + " " + version)) {
            throw ProviderException.capabilityMissing(
                    "Local nodes are not supported on %s %s.".formatted(id, version),
                    "Use a host with Debian 12, Debian 13 or Ubuntu 24.04, or create a remote node.");
        }
    }

    /** How the distribution signs itself in the Release files of its archive. */
    String origin() {
        return id.equals("ubuntu") ? "Ubuntu" : "Debian";
    }

    private static String value(String osRelease, String key) {
        return osRelease
                .lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1).replace("\"", ""))
                .findFirst()
                .orElse("");
    }
}
