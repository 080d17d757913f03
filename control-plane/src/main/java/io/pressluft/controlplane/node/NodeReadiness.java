package io.pressluft.controlplane.node;

import io.pressluft.controlplane.readiness.NodeFacts;
import io.pressluft.controlplane.readiness.Probe;
import io.pressluft.controlplane.readiness.ProbeAnswer;
import io.pressluft.controlplane.readiness.ProbeTarget;
import io.pressluft.controlplane.readiness.Readiness;
import io.pressluft.controlplane.readiness.ReadinessCheck;
import io.pressluft.controlplane.readiness.ReadinessCode;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Whether a node may get work, looked at afresh when what is known is older than a few seconds. */
@Component
public class NodeReadiness {

    /** A probe takes about a second; this is how old an answer may be before it is asked again. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    /** From this age on an answer that is still young enough has its successor asked for. */
    private static final Duration AGEING = FRESH.dividedBy(2);

    private static final Logger log = LoggerFactory.getLogger(NodeReadiness.class);

    private static final TypeReference<List<ReadinessCheck>> CHECKS = new TypeReference<>() {};

    private final Probe probe;
    private final NodeStore nodes;
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;
    private final AgentRelease release;
    private final Set<String> lookingAhead = ConcurrentHashMap.newKeySet();

    NodeReadiness(Probe probe, NodeStore nodes, JdbcClient jdbc, JsonMapper json, Clock clock, AgentRelease release) {
        this.probe = probe;
        this.nodes = nodes;
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.release = release;
    }

    /** What was seen when. */
    public record Observation(String nodeId, boolean ready, Instant observedAt, List<ReadinessCheck> checks) {}

    /** The newest observation if it is young enough, or a new one. Takes up to 30 seconds when the node is silent. */
    public Observation observe(Node node, boolean refresh) {
        if (node.state() != NodeState.READY && node.state() != NodeState.UNREACHABLE) {
            return look(node);
        }
        return newest(node.id())
                .filter(seen ->
                        !refresh && seen.observedAt().isAfter(clock.instant().minus(FRESH)))
                .orElseGet(() -> look(node));
    }

    /** The newest observation without looking again. */
    public Optional<Observation> newest(String nodeId) {
        return jdbc.sql("SELECT * FROM readiness_observation WHERE node_id = :node ORDER BY id DESC LIMIT 1")
                .param("node", nodeId)
                .query((row, index) -> {
                    Timestamp at = row.getTimestamp("observed_at");
                    return new Observation(
                            nodeId,
                            row.getBoolean("ready"),
                            at.toInstant(),
                            json.readValue(row.getString("checks"), CHECKS));
                })
                .optional();
    }

    /** What stands in the way of using the node now. Nothing is refused because of an earlier look. */
    List<ReadinessCheck> failing(Node node) {
        var seen = observe(node, false);
        if (seen.observedAt().isBefore(clock.instant().minus(AGEING))) {
            lookAhead(node);
        }
        return (seen.ready() ? seen : observe(node, true))
                .checks().stream()
                        .filter(check -> check.status().equals("failed"))
                        .toList();
    }

    /** Who asks for one thing after the other on a node then waits for one look only, the first. */
    private void lookAhead(Node node) {
        if (lookingAhead.add(node.id())) {
            Thread.ofVirtual().name("look-" + node.id()).start(() -> {
                try {
                    nodes.find(node.id()).ifPresent(this::look);
                } catch (RuntimeException e) {
                    log.info("node={} could not be looked at ahead of time: {}", node.id(), e.getMessage());
                } finally {
                    lookingAhead.remove(node.id());
                }
            });
        }
    }

    private Observation look(Node node) {
        return switch (node.state()) {
            case ACQUIRING, PROVISIONING -> closed(node, ReadinessCode.ACQUISITION_IN_PROGRESS);
            case FAILED, DECOMMISSIONED, DRAINING -> closed(node, ReadinessCode.AGENT_OFFLINE);
            case READY, UNREACHABLE -> store(node.id(), checks(node));
        };
    }

    /** The node's state alone says that it gets no work; such an answer is not kept, because the state may change. */
    private Observation closed(Node node, ReadinessCode code) {
        var check = ReadinessCheck.failed(code, "The node is " + node.state().text() + ".");
        return new Observation(node.id(), false, clock.instant(), List.of(check));
    }

    /** Looks at the machine of a node that is not ready yet and keeps what was seen. */
    List<ReadinessCheck> firstLook(Node node) {
        return store(node.id(), checks(node)).checks();
    }

    /** Looks at the machine whatever state the node is in; used while it is being provisioned. */
    private List<ReadinessCheck> checks(Node node) {
        var answer = node.hostKey() == null
                ? new ProbeAnswer.Unseen(ReadinessCode.SSH_UNREACHABLE, "The node has not been acquired.")
                : probe.run(target(node));
        var known = nodes.find(node.id()).orElse(node);
        var facts = new NodeFacts(
                known.lastHeartbeatAt() != null,
                known.online(),
                Objects.requireNonNullElse(known.agentVersion(), ""),
                release.version());
        return Readiness.checks(answer, facts, clock.instant());
    }

    private Observation store(String nodeId, List<ReadinessCheck> checks) {
        var seen = new Observation(nodeId, Readiness.ready(checks), clock.instant(), checks);
        jdbc.sql("""
                INSERT INTO readiness_observation (node_id, observed_at, ready, checks)
                VALUES (:node, :at, :ready, :checks::jsonb)
                """)
                .param("node", nodeId)
                .param("at", Timestamp.from(seen.observedAt()))
                .param("ready", seen.ready())
                .param("checks", json.writeValueAsString(checks))
                .update();
        return seen;
    }

    private static ProbeTarget target(Node node) {
        return new ProbeTarget(
                node.requireAddress(),
                node.sshPort(),
                Objects.requireNonNullElse(node.sshUser(), "root"),
                Path.of(Objects.requireNonNullElse(node.sshKeyPath(), "")),
                Objects.requireNonNullElse(node.hostKey(), ""));
    }
}
