package io.pressluft.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a host needs so that a local node can run on it. */
final class Requirements {

    private static final List<String> PROGRAMS = List.of(
            "systemd-nspawn",
            "mmdebstrap",
            "nft",
            "ip",
            "nsenter",
            "ansible-playbook",
            "ssh",
            "ssh-keygen",
            "npm",
            "tar");

    private Requirements() {}

    /** Why the tests cannot run here; empty when they can. */
    static Optional<String> missing() {
        if (!root()) {
            return Optional.of("local nodes need root");
        }
        return PROGRAMS.stream()
                .filter(program -> !Commands.exists(program))
                .findFirst()
                .map(program -> "local nodes need " + program + ", which is not installed");
    }

    private static boolean root() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
