package io.pressluft.controlplane.node;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.readiness.ReadinessCheck;
import io.pressluft.controlplane.ssh.HostKeys;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node as the API shows it, with the newest known checks. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeView(
        String id,
        String name,
        String state,
        String source,
        String provider,
        String webStack,
        int memoryMb,
        double cpus,
        @Nullable String hostname,
        @Nullable String privateAddress,
        @Nullable String publicAddress,
        @Nullable String agentVersion,
        @Nullable String failureCode,
        boolean online,
        @Nullable Instant lastHeartbeatAt,
        @Nullable Double load,
        int environments,
        @Nullable Ssh ssh,
        boolean ready,
        List<ReadinessCheck> checks,
        Instant createdAt) {

    /**
     * How the control plane reaches the machine.
     *
     * @param hostKey the pinned key, and its {@code fingerprint}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ssh(
            String host,
            int port,
            String user,
            @Nullable String hostKey,
            @Nullable String fingerprint) {

        static @Nullable Ssh of(Node node) {
            var wished = node.options();
            var host = wished.getOrDefault("host", node.acquired() ? node.requireAddress() : "");
            if (host.isEmpty()) {
                return null;
            }
            var user = node.sshUser() == null ? wished.getOrDefault("user", "root") : node.sshUser();
            int port = node.sshPort() == 0 ? Integer.parseInt(wished.getOrDefault("port", "22")) : node.sshPort();
            var key = node.hostKey();
            return new Ssh(host, port, user, key, key == null ? null : HostKeys.fingerprint(key));
        }
    }

    static NodeView of(Node node, NodeReadiness.Observation seen) {
        return new NodeView(
                node.id(),
                node.name(),
                node.state().text(),
                node.source(),
                node.provider(),
                node.webStack(),
                node.memoryMb(),
                node.cpus(),
                node.hostname(),
                node.privateAddress(),
                node.publicAddress(),
                node.agentVersion(),
                node.failureCode(),
                node.online(),
                node.lastHeartbeatAt(),
                node.load(),
                node.environments(),
                Ssh.of(node),
                node.state() == NodeState.READY && seen.ready(),
                seen.checks(),
                node.createdAt());
    }
}
