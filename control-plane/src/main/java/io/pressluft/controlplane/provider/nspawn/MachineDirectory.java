package io.pressluft.controlplane.provider.nspawn;

import java.nio.file.Files;
import java.nio.file.Path;

/** The files of one machine. Its root exists under its final name only once it is complete. */
record MachineDirectory(Path path) {

    Path root() {
        return path.resolve("root");
    }

    /** Roots in the making are called this and something; a copy that was abandoned may still be written to. */
    static final String PARTIAL = "root.partial-";

    Path hostKey() {
        return path.resolve("ssh_host_ed25519_key");
    }

    Path hostKeyPublic() {
        return path.resolve("ssh_host_ed25519_key.pub");
    }

    Path console() {
        return path.resolve("console.log");
    }

    Path launcher() {
        return path.resolve("launch.sh");
    }

    boolean exists() {
        return Files.isDirectory(root());
    }
}
