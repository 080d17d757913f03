package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.agent.Listening;
import io.pressluft.controlplane.job.UnattendedJobs;
import io.pressluft.controlplane.job.UnattendedJobs.Reason;
import io.pressluft.controlplane.job.UnattendedJobs.Unattended;
import io.pressluft.controlplane.node.Node;
import io.pressluft.controlplane.node.NodeState;
import io.pressluft.controlplane.node.Nodes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Looks what is in trouble: nodes, jobs, the database. */
@Component
class Sightings {

    private final Nodes nodes;
    private final UnattendedJobs jobs;
    private final HeldSnapshots snapshots;
    private final Listening listening;
    private final AlertSettings settings;

    Sightings(Nodes nodes, UnattendedJobs jobs, HeldSnapshots snapshots, Listening listening, AlertSettings settings) {
        this.nodes = nodes;
        this.jobs = jobs;
        this.snapshots = snapshots;
        this.listening = listening;
        this.settings = settings;
    }

    /** What there is now, of every kind. */
    Map<IncidentKind, Sighted> now() {
        var silent = nodes.list().stream().filter(Sightings::silent).toList();
        var silentIds = silent.stream().map(Node::id).collect(Collectors.toSet());
        var unattended = jobs.all();
        var all = new EnumMap<IncidentKind, Sighted>(IncidentKind.class);
        all.put(IncidentKind.AGENT_SILENT, agents(silent));
        all.put(IncidentKind.JOB_STALLED, jobs(unattended, Reason.STALLED, silentIds));
        all.put(IncidentKind.JOB_WAITING, jobs(unattended, Reason.WAITING, silentIds));
        all.put(IncidentKind.CHANGE_HALF_MADE, jobs(unattended, Reason.HALF_MADE, Set.of()));
        var held = snapshots.forLongerThan(settings.held());
        all.put(IncidentKind.SNAPSHOT_HELD, new Sighted(held, held));
        return all;
    }

    /** One that was never heard is being built, or is not ready for that reason. */
    private static boolean silent(Node node) {
        return (node.state() == NodeState.READY || node.state() == NodeState.UNREACHABLE)
                && node.lastHeartbeatAt() != null
                && !node.online();
    }

    private Sighted agents(List<Node> silent) {
        var members = silent.stream()
                .map(node -> new Member(node.id(), node.name(), Objects.requireNonNull(node.lastHeartbeatAt())))
                .toList();
        return new Sighted(members, listening.longEnough() ? members : List.of());
    }

    /** A job that does not go on because an agent is silent is no news beside the silence of the agent. */
    private static Sighted jobs(List<Unattended> all, Reason reason, Set<String> silentNodes) {
        var some = all.stream().filter(job -> job.reason() == reason).toList();
        return new Sighted(
                some.stream().map(Sightings::member).toList(),
                some.stream()
                        .filter(job -> job.nodeIds().stream().noneMatch(silentNodes::contains))
                        .map(Sightings::member)
                        .toList());
    }

    private static Member member(Unattended job) {
        return new Member(job.id(), "%s (%s)".formatted(job.id(), job.type()), job.since());
    }
}
