package io.pressluft.controlplane.readiness;

import java.nio.file.Path;

/**
 * Where and how the probe is reached.
 *
 * @param hostKey the pinned key, {@code ssh-ed25519 AAAA...}
 */
public record ProbeTarget(String address, int port, String user, Path key, String hostKey) {}
