package io.pressluft.controlplane.alert;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** How incidents read. */
final class Sentences {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT);
    private static final int NAMED = 5;

    private Sentences() {}

    /** What is the matter now, or was. */
    static String of(Incident incident) {
        return incident.members().isEmpty() ? over(incident) : under(incident.kind(), incident.members());
    }

    /**
     * What is the matter with these.
     *
     * @param members at least one
     */
    static String under(IncidentKind kind, List<Member> members) {
        var since = members.stream()
                .map(Member::since)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        int count = members.size();
        var first = members.getFirst().name();
        var said =
                switch (kind) {
                    case AGENT_SILENT ->
                        count == 1
                                ? "The agent of node %s has been silent".formatted(first)
                                : "The agents of %d nodes have been silent".formatted(count);
                    case JOB_STALLED ->
                        count == 1
                                ? "Job %s has been stalled".formatted(first)
                                : "%d jobs have been stalled".formatted(count);
                    case JOB_WAITING ->
                        count == 1
                                ? "Job %s has been waiting for its turn".formatted(first)
                                : "%d jobs have been waiting for their turn".formatted(count);
                    case CHANGE_HALF_MADE ->
                        count == 1
                                ? "Job %s failed and could not be undone; its change has been half made"
                                        .formatted(first)
                                : "%d jobs failed and could not be undone; their changes have been half made"
                                        .formatted(count);
                    case SNAPSHOT_HELD ->
                        count == 1
                                ? "Session %s of the database has held a snapshot open".formatted(first)
                                : "%d sessions of the database have held a snapshot open".formatted(count);
                };
        return said + " since " + time(since) + (count == 1 ? "." : ": " + names(members) + ".");
    }

    /** What is the matter with those that have joined, and how many there are with them. */
    static String grown(Incident incident, List<Member> joined) {
        return "%s With that, %s."
                .formatted(
                        under(incident.kind(), joined),
                        trouble(incident.kind(), incident.members().size()));
    }

    /** That nothing of it is the matter any more. Members that are gone for good count as well. */
    static String over(Incident incident) {
        var said =
                switch (incident.kind()) {
                    case AGENT_SILENT -> "None of these agents is silent any more";
                    case JOB_STALLED -> "None of these jobs is stalled any more";
                    case JOB_WAITING -> "None of these jobs waits for its turn any more";
                    case CHANGE_HALF_MADE -> "None of these changes is half made any more";
                    case SNAPSHOT_HELD -> "None of these sessions holds a snapshot open any more";
                };
        return "%s: it began at %s and concerned %d at its height."
                .formatted(said, time(incident.since()), incident.most());
    }

    /** That a channel fails, and what has it believed again. */
    static String undelivered(Channel channel, int count) {
        return "%s could not be delivered by %s; send a test message when the cause is removed."
                .formatted(
                        count == 1 ? "An alert" : count + " alerts",
                        switch (channel) {
                            case WEBHOOK -> "webhook";
                            case EMAIL -> "e-mail";
                        });
    }

    /** Of numbers and our own words, and where it comes from. */
    static String subject(Notice notice, String host) {
        return "Pressluft on " + host + ": "
                + switch (notice.type()) {
                    case TEST -> "test message";
                    case OPENED -> trouble(kind(notice), notice.count());
                    case GROWN -> "now " + trouble(kind(notice), notice.count());
                    case CLEARED -> "cleared: " + trouble(kind(notice), notice.count());
                };
    }

    /** What to do next. */
    static String advice(IncidentKind kind) {
        return switch (kind) {
            case AGENT_SILENT ->
                "Check that the machines are up, that the service pressluft-agent runs on them, and that they"
                        + " reach the control plane.";
            case JOB_STALLED -> "Open the job: its page says what it waits for and what you can do.";
            case JOB_WAITING ->
                "Look whether the agent of its node is connected, and whether other jobs are unfinished.";
            case CHANGE_HALF_MADE -> "Open the job, remove the cause that its failure names, and retry it.";
            case SNAPSHOT_HELD ->
                "While it is open, the database cannot tidy up behind it and everything becomes slower: end the"
                        + " program that holds it, or its session with pg_terminate_backend.";
        };
    }

    private static IncidentKind kind(Notice notice) {
        return IncidentKind.of(Objects.requireNonNull(notice.kind()));
    }

    private static String trouble(IncidentKind kind, int count) {
        boolean one = count == 1;
        return switch (kind) {
            case AGENT_SILENT -> one ? "1 agent is silent" : count + " agents are silent";
            case JOB_STALLED -> one ? "1 job is stalled" : count + " jobs are stalled";
            case JOB_WAITING -> one ? "1 job waits for its turn" : count + " jobs wait for their turn";
            case CHANGE_HALF_MADE -> one ? "1 change is half made" : count + " changes are half made";
            case SNAPSHOT_HELD -> one ? "1 session holds a snapshot open" : count + " sessions hold a snapshot open";
        };
    }

    private static String names(List<Member> members) {
        var named = members.stream().limit(NAMED).map(Member::name).collect(Collectors.joining(", "));
        int more = members.size() - NAMED;
        return more > 0 ? named + " and %d more".formatted(more) : named;
    }

    private static String time(Instant at) {
        return TIME.format(at.atOffset(ZoneOffset.UTC));
    }
}
