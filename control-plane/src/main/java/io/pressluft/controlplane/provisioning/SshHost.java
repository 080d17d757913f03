package io.pressluft.controlplane.provisioning;

import java.nio.file.Path;

/**
 * A machine that Ansible reaches over SSH.
 *
 * @param hostKey the pinned key, {@code ssh-ed25519 AAAA...}; any other key is refused
 */
public record SshHost(String address, int port, String user, Path key, String hostKey) {

    /** One line of a known_hosts file. */
    String knownHost() {
        return (port == 22 ? address : "[%s]:%d".formatted(address, port)) + " " + hostKey + "\n";
    }
}
