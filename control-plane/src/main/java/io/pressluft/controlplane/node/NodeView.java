package io.pressluft.controlplane.node;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.readiness.ReadinessCheck;
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
        boolean ready,
        List<ReadinessCheck> checks,
        Instant createdAt) {

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
                node.state() == NodeState.READY && seen.ready(),
                seen.checks(),
                node.createdAt());
    }
}
