package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The name servers a machine can use: those of the settings, or else this host's. */
final class Resolvers {

    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    /** Where systemd-resolved names the servers behind its own loopback address, which no machine can reach. */
    private static final Path UPSTREAM = Path.of("/run/systemd/resolve/resolv.conf");

    private Resolvers() {}

    static List<String> of(NspawnSettings settings) {
        if (!settings.resolvers().isEmpty()) {
            return settings.resolvers();
        }
        List<String> configured = parse(text(RESOLV_CONF));
        return configured.isEmpty() ? parse(text(UPSTREAM)) : configured;
    }

    /** IPv4 only, since machines have no other, and nothing on loopback. */
    static List<String> parse(String resolvConf) {
        return resolvConf
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length >= 2 && words[0].equals("nameserver"))
                .map(words -> words[1])
                .filter(address -> address.matches("[0-9.]+") && !address.startsWith("127."))
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.isReadable(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
