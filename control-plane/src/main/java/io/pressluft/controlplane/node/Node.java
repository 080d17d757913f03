package io.pressluft.controlplane.node;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A machine that runs sites.
 *
 * @param online whether its agent's newest heartbeat is young enough
 * @param load one-minute load average, as the agent reports it
 * @param options what its request said that only its provider understands
 * @param environments how many environments it carries, counted from the desired state
 */
public record Node(
        String id,
        String name,
        NodeState state,
        String source,
        String provider,
        String webStack,
        int memoryMb,
        double cpus,
        @Nullable String hostname,
        @Nullable String publicAddress,
        @Nullable String privateAddress,
        @Nullable String sshUser,
        int sshPort,
        @Nullable String sshKeyPath,
        @Nullable String hostKey,
        @Nullable String agentVersion,
        @Nullable String failureCode,
        @Nullable Instant lastHeartbeatAt,
        boolean online,
        @Nullable Double load,
        int environments,
        Instant createdAt,
        Map<String, String> options) {

    /** Whether its provider has ever handed the machine over. */
    boolean acquired() {
        return privateAddress != null || publicAddress != null;
    }

    /** Where the control plane reaches the node. @throws IllegalStateException before it was acquired */
    public String requireAddress() {
        var address = privateAddress == null ? publicAddress : privateAddress;
        if (address == null) {
            throw new IllegalStateException("node %s has not been acquired".formatted(id));
        }
        return address;
    }
}
