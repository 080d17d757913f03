package io.pressluft.controlplane.provider;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A machine that answers SSH.
 *
 * @param publicAddress where the world reaches it, or null for a machine only this host reaches
 * @param privateAddress where the control plane and its neighbours reach it
 * @param hostKey the host key to pin, {@code ssh-ed25519 AAAA...} without a comment
 */
public record Target(
        String hostname,
        @Nullable String publicAddress,
        String privateAddress,
        String sshUser,
        int sshPort,
        Path sshKeyPath,
        String hostKey) {}
