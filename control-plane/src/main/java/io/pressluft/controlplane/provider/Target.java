package io.pressluft.controlplane.provider;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A machine that answers SSH.
 *
 * @param publicAddress where the world reaches it, or null for a machine only this host reaches
 * @param privateAddress where its own network reaches it, or null; one of the two addresses is there
 * @param hostKey the host key to pin, {@code ssh-ed25519 AAAA...} without a comment
 * @param size what a machine that was not made to measure has, or null
 */
public record Target(
        String hostname,
        @Nullable String publicAddress,
        @Nullable String privateAddress,
        String sshUser,
        int sshPort,
        Path sshKeyPath,
        String hostKey,
        @Nullable Size size) {

    /** Memory in MiB and processors; 0 for what could not be seen. */
    public record Size(int memoryMb, int cpus) {}

    /** Where the control plane reaches it. */
    public String address() {
        return Objects.requireNonNull(privateAddress == null ? publicAddress : privateAddress, "no address");
    }
}
