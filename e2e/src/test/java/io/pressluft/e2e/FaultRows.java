package io.pressluft.e2e;

import static io.pressluft.e2e.FaultPoint.When.AFTER;
import static io.pressluft.e2e.FaultPoint.When.BEFORE;
import static io.pressluft.e2e.FaultPoint.When.DURING;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every fault at every point of a site's creation where it applies. */
final class FaultRows {

    private static final Set<String> SUCCEEDS = Set.of("succeeded");
    private static final Set<String> CANCELLED = Set.of("cancelled job_cancelled");
    private static final Set<String> RESOLVED = Set.of("failed job_resolved");

    /** A step that writes nothing to the disk goes on when it is full; its job may fail at a later one or not at all. */
    private static final Set<String> DISK_FULL = Set.of("succeeded", "failed disk_full");

    private final List<String> steps;

    /** @param steps of the playbook, in order */
    FaultRows(List<String> steps) {
        this.steps = steps;
    }

    List<FaultRow> all() {
        var rows = new ArrayList<FaultRow>();
        rows.addAll(every(DURING, p -> FaultRow.of("agent killed", "3, 35", p, SUCCEEDS, AgentFaults::killed)));
        rows.addAll(every(DURING, p -> FaultRow.of("run killed", "3, 9", p, SUCCEEDS, AgentFaults::runKilled)));
        rows.addAll(every(AFTER, p -> FaultRow.of("run killed", "3, 9", p, SUCCEEDS, AgentFaults::runKilled)));
        rows.addAll(
                every(DURING, p -> FaultRow.of("control plane killed", "1, 6, 8", p, SUCCEEDS, PlaneFaults::killed)));
        rows.addAll(every(BEFORE, p -> FaultRow.of("cancelled", "-", p, CANCELLED, PlaneFaults::cancelled)));
        rows.addAll(every(
                BEFORE,
                p -> FaultRow.of("disk full", "17", p, DISK_FULL, NodeFaults::diskFull)
                        .in(FaultRow.Setting.SMALL_DISK)));
        rows.addAll(
                some(DURING, 4, p -> FaultRow.of("PostgreSQL killed", "8", p, SUCCEEDS, PlaneFaults::databaseKilled)));
        rows.addAll(some(AFTER, 3, p -> FaultRow.of("Redis killed", "7, 28", p, SUCCEEDS, PlaneFaults::brokerKilled)));
        rows.addAll(some(DURING, 3, p -> FaultRow.of("Redis flushed", "7", p, SUCCEEDS, PlaneFaults::brokerFlushed)));
        rows.addAll(some(AFTER, 3, p -> FaultRow.of("hint repeated", "5", p, SUCCEEDS, PlaneFaults::hintRepeated)));
        rows.addAll(
                some(DURING, 3, p -> FaultRow.of("agent restarted", "26, 35", p, SUCCEEDS, AgentFaults::restarted)));
        rows.addAll(some(AFTER, 3, p -> FaultRow.of("cut off", "4, 13", p, SUCCEEDS, AgentFaults::cutOff)));
        rows.addAll(some(
                DURING, 2, p -> FaultRow.of("cut off, agent killed", "13", p, SUCCEEDS, AgentFaults::cutOffAndKilled)));
        rows.addAll(
                some(DURING, 3, p -> FaultRow.of("agent stopped, resolved", "2", p, RESOLVED, AgentFaults::resolved)));
        rows.addAll(some(DURING, 3, p -> FaultRow.of("token file lost", "14", p, SUCCEEDS, AgentFaults::tokenLost)));
        rows.addAll(some(DURING, 3, p -> FaultRow.of("machine restarted", "3, 9", p, SUCCEEDS, NodeFaults::restarted)));
        rows.addAll(some(
                DURING,
                2,
                p -> FaultRow.of("out of memory", "35", p, Set.of("failed out_of_memory"), NodeFaults::outOfMemory)
                        .in(FaultRow.Setting.STARVED)));
        rows.addAll(some(
                DURING,
                1,
                p -> FaultRow.of("step hangs", "16", p, Set.of("failed step_deadline_exceeded"), NodeFaults::hangs)));
        rows.addAll(some(DURING, 2, p -> FaultRow.of("second request", "15", p, SUCCEEDS, PlaneFaults::secondRequest)));
        rows.addAll(some(DURING, 2, p -> FaultRow.of("control plane away", "11", p, SUCCEEDS, PlaneFaults::away)));
        rows.addAll(some(DURING, 1, p -> FaultRow.of("snapshot held open", "31", p, SUCCEEDS, PlaneFaults::snapshot)));
        rows.add(FaultRow.of("both planes killed", "33", last(), SUCCEEDS, PlaneFaults::bothKilled));
        rows.add(FaultRow.of("white screen", "10", last(), Set.of("failed proof_missing"), NodeFaults::whiteScreen));
        rows.add(FaultRow.of("stranger answers", "10", last(), Set.of("failed proof_missing"), NodeFaults::stranger));
        return rows;
    }

    /**
     * A row of most kinds, at a point that the seed chooses: not of the slowest, and not of those that are struck with and
     * without a guard of the product anyway.
     */
    List<FaultRow> sample(Random random) {
        var kinds = List.of(
                "agent killed",
                "run killed",
                "control plane killed",
                "PostgreSQL killed",
                "Redis killed",
                "hint repeated",
                "token file lost",
                "second request",
                "both planes killed");
        return kinds.stream()
                .map(kind -> {
                    var rows = all().stream()
                            .filter(row -> row.fault().equals(kind))
                            .toList();
                    return rows.get(random.nextInt(rows.size()));
                })
                .toList();
    }

    /** After the last step nothing but the proof is left. */
    private FaultPoint last() {
        return new FaultPoint(AFTER, steps.size(), steps.getLast());
    }

    private List<FaultRow> every(FaultPoint.When when, Function<FaultPoint, FaultRow> row) {
        return points(when).map(row).toList();
    }

    /** Spread evenly over the steps. */
    private List<FaultRow> some(FaultPoint.When when, int count, Function<FaultPoint, FaultRow> row) {
        var points = points(when).toList();
        return Stream.iterate(0, i -> i < count, i -> i + 1)
                .map(i -> points.get((2 * i + 1) * points.size() / (2 * count)))
                .map(row)
                .toList();
    }

    private Stream<FaultPoint> points(FaultPoint.When when) {
        return Stream.iterate(1, i -> i <= steps.size(), i -> i + 1)
                .map(ordinal -> new FaultPoint(when, ordinal, steps.get(ordinal - 1)));
    }
}
