package io.pressluft.controlplane.state;

import io.pressluft.controlplane.alert.DeliveryState;
import io.pressluft.controlplane.alert.IncidentState;
import io.pressluft.controlplane.environment.EnvironmentState;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.PartState;
import io.pressluft.controlplane.node.NodeState;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The state machines as Java has them. */
enum Machine {
    JOB,
    JOB_PART,
    NODE,
    SITE,
    ENVIRONMENT,
    INCIDENT,
    ALERT_DELIVERY;

    /** The only state in which a row may be inserted. */
    String first() {
        return switch (this) {
            case JOB -> "queued";
            case JOB_PART -> "waiting";
            case NODE -> "acquiring";
            case SITE, ENVIRONMENT -> "creating";
            case INCIDENT -> "gathering";
            case ALERT_DELIVERY -> "pending";
        };
    }

    List<String> states() {
        return switch (this) {
            case JOB -> Arrays.stream(JobState.values()).map(JobState::text).toList();
            case JOB_PART ->
                Arrays.stream(PartState.values()).map(PartState::text).toList();
            case NODE -> Arrays.stream(NodeState.values()).map(NodeState::text).toList();
            case SITE, ENVIRONMENT ->
                Arrays.stream(EnvironmentState.values())
                        .map(EnvironmentState::text)
                        .toList();
            case INCIDENT ->
                Arrays.stream(IncidentState.values()).map(IncidentState::text).toList();
            case ALERT_DELIVERY ->
                Arrays.stream(DeliveryState.values()).map(DeliveryState::text).toList();
        };
    }

    boolean legal(String from, String to) {
        return switch (this) {
            case JOB -> JobState.of(from).canBecome(JobState.of(to));
            case JOB_PART -> PartState.of(from).canBecome(PartState.of(to));
            case NODE -> NodeState.valueOf(upper(from)).canBecome(NodeState.valueOf(upper(to)));
            case SITE, ENVIRONMENT -> EnvironmentState.of(from).canBecome(EnvironmentState.of(to));
            case INCIDENT -> IncidentState.of(from).canBecome(IncidentState.of(to));
            case ALERT_DELIVERY -> DeliveryState.of(from).canBecome(DeliveryState.of(to));
        };
    }

    /** The column that names a row. */
    String key() {
        return this == JOB_PART ? "job_id" : "id";
    }

    String table() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Each as {@code from>to}; nothing before the {@code >} means an insert. */
    Set<String> legalTransitions() {
        var all = new TreeSet<String>();
        all.add(">" + first());
        pairs().filter(pair -> legal(pair.from(), pair.to())).map(Pair::text).forEach(all::add);
        return all;
    }

    Stream<Pair> pairs() {
        return states().stream().flatMap(from -> states().stream().map(to -> new Pair(from, to)));
    }

    private static String upper(String state) {
        return state.toUpperCase(Locale.ROOT);
    }

    /** From one state to another; to itself is no transition. */
    record Pair(String from, String to) {
        String text() {
            return from + ">" + to;
        }
    }
}
