package io.pressluft.e2e;

import static io.pressluft.e2e.FaultPoint.When.AFTER;
import static io.pressluft.e2e.FaultPoint.When.AMID;
import static io.pressluft.e2e.FaultPoint.When.BEFORE;
import static io.pressluft.e2e.FaultPoint.When.DURING;

import io.pressluft.e2e.FaultPoint.Phase;
import io.pressluft.e2e.FaultRow.Allowed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every fault at every point of a site's creation where it applies. */
final class FaultRows {

    private static final Allowed SUCCEEDS = new Allowed(Set.of("succeeded"), Set.of(1), false);
    private static final Allowed SUCCEEDS_AFTER_SILENCE = new Allowed(Set.of("succeeded"), Set.of(1), true);
    private static final Allowed IS_REPEATED = new Allowed(Set.of("succeeded"), Set.of(2), false);

    /** The run may be over before it is killed. */
    private static final Allowed MAY_BE_REPEATED = new Allowed(Set.of("succeeded"), Set.of(1, 2), false);

    private static final Allowed CANCELLED = fails("cancelled job_cancelled");
    private static final Allowed RESOLVED = new Allowed(Set.of("failed job_resolved"), Set.of(1), true);

    private final FaultSteps steps;

    FaultRows(FaultSteps steps) {
        this.steps = steps;
    }

    private static Allowed fails(String end) {
        return new Allowed(Set.of(end), Set.of(1), false);
    }

    List<FaultRow> all() {
        var rows = new ArrayList<FaultRow>();
        rows.addAll(ofAgents());
        rows.addAll(ofPlanes());
        rows.addAll(ofReplicas());
        rows.addAll(ofMachines());
        rows.addAll(ofUndo());
        return rows;
    }

    private List<FaultRow> ofAgents() {
        var rows = new ArrayList<FaultRow>();
        rows.addAll(every(DURING, p -> FaultRow.of("agent killed", "3, 35", p, SUCCEEDS, AgentFaults::killed)));
        rows.addAll(every(DURING, p -> FaultRow.of("agent restarted", "26, 35", p, SUCCEEDS, AgentFaults::restarted)));
        rows.addAll(every(DURING, p -> FaultRow.of("run killed", "3", p, IS_REPEATED, AgentFaults::runKilled)));
        rows.addAll(every(AMID, p -> FaultRow.of("run killed", "3, 9", p, MAY_BE_REPEATED, scene -> {})));
        rows.addAll(every(AFTER, p -> FaultRow.of("cut off", "4, 13", p, SUCCEEDS_AFTER_SILENCE, AgentFaults::cutOff)));
        rows.addAll(every(
                DURING,
                p -> FaultRow.of(
                        "cut off, agent killed", "13", p, SUCCEEDS_AFTER_SILENCE, AgentFaults::cutOffAndKilled)));
        rows.addAll(
                every(DURING, p -> FaultRow.of("agent stopped, resolved", "2", p, RESOLVED, AgentFaults::resolved)));
        rows.addAll(some(
                DURING,
                1,
                p -> FaultRow.of("agent stopped, resolved, not told", "2", p, RESOLVED, AgentFaults::resolvedUntold)));
        rows.addAll(every(DURING, p -> FaultRow.of("token file lost", "14", p, SUCCEEDS, AgentFaults::tokenLost)));
        rows.add(FaultRow.of("agent killed, verifying", "33", last(), SUCCEEDS, AgentFaults::killedVerifying));
        rows.add(FaultRow.of("deaf for the verdict", "13, 33", last(), SUCCEEDS_AFTER_SILENCE, AgentFaults::deaf));
        return rows;
    }

    private List<FaultRow> ofPlanes() {
        var rows = new ArrayList<FaultRow>();
        var asked = FaultPoint.asked();
        rows.addAll(every(DURING, p -> FaultRow.of("control plane killed", "1", p, SUCCEEDS, PlaneFaults::killed)));
        rows.addAll(
                every(DURING, p -> FaultRow.of("PostgreSQL killed", "8", p, SUCCEEDS, PlaneFaults::databaseKilled)));
        rows.addAll(every(BEFORE, p -> FaultRow.of("cancelled", "-", p, CANCELLED, PlaneFaults::cancelled)));
        rows.add(FaultRow.of("control plane killed", "6", asked, SUCCEEDS, PlaneFaults::killed));
        rows.add(FaultRow.of("PostgreSQL killed", "8", asked, SUCCEEDS, PlaneFaults::databaseKilled));
        rows.add(FaultRow.of("Redis killed", "28", asked, SUCCEEDS, PlaneFaults::brokerKilled));
        rows.add(FaultRow.of("Redis hangs", "28", asked, SUCCEEDS, PlaneFaults::brokerHangs));
        rows.add(FaultRow.of("Redis hangs for minutes", "28", asked, SUCCEEDS, PlaneFaults::brokerAway));
        rows.add(FaultRow.of("Redis flushed", "7", asked, SUCCEEDS, PlaneFaults::brokerFlushed));
        rows.addAll(some(AFTER, 3, p -> FaultRow.of("hint repeated", "5", p, SUCCEEDS, PlaneFaults::hintRepeated)));
        rows.addAll(some(DURING, 2, p -> FaultRow.of("second request", "15", p, SUCCEEDS, PlaneFaults::secondRequest)));
        rows.addAll(some(DURING, 2, p -> FaultRow.of("control plane away", "11", p, SUCCEEDS, PlaneFaults::away)));
        rows.add(FaultRow.of("control plane killed, verifying", "33", last(), SUCCEEDS, PlaneFaults::killedVerifying));
        rows.add(FaultRow.of("both planes killed", "33", last(), SUCCEEDS, PlaneFaults::bothKilled));
        return rows;
    }

    /** Of two, the one that has the agent's stream dies and stays away. */
    private List<FaultRow> ofReplicas() {
        var rows = new ArrayList<FaultRow>();
        rows.add(FaultRow.of(
                        "replica killed, dispatching",
                        "18",
                        FaultPoint.asked(),
                        SUCCEEDS,
                        ReplicaFaults::killedDispatching)
                .in(FaultRow.Setting.UNHEARD_REPLICA));
        rows.addAll(every(
                DURING,
                p -> FaultRow.of("replica killed", "18", p, SUCCEEDS, ReplicaFaults::killed)
                        .in(FaultRow.Setting.REPLICA)));
        rows.add(FaultRow.of("replica killed, verifying", "18, 33", last(), SUCCEEDS, ReplicaFaults::killedVerifying)
                .in(FaultRow.Setting.REPLICA));
        rows.add(FaultRow.of(
                        "agent moved unnoticed", "13, 18", FaultPoint.asked(), SUCCEEDS, ReplicaFaults::movedUnnoticed)
                .in(FaultRow.Setting.HALF_OPEN));
        return rows;
    }

    private List<FaultRow> ofMachines() {
        var rows = new ArrayList<FaultRow>();
        rows.addAll(every(
                BEFORE,
                p -> FaultRow.of("disk full", "17", p, whenFull(p, "disk_full"), NodeFaults::diskFull)
                        .in(FaultRow.Setting.SMALL_DISK)));
        rows.addAll(every(
                BEFORE,
                p -> FaultRow.of("no inode free", "17", p, whenFull(p, "inodes_exhausted"), NodeFaults::inodesGone)
                        .in(FaultRow.Setting.SMALL_DISK)));
        rows.addAll(every(DURING, p -> FaultRow.of("machine restarted", "3", p, IS_REPEATED, NodeFaults::restarted)));
        rows.addAll(every(
                DURING,
                p -> FaultRow.of("out of memory", "35", p, fails("failed out_of_memory"), NodeFaults::outOfMemory)
                        .in(FaultRow.Setting.STARVED)));
        rows.addAll(every(
                DURING,
                p -> FaultRow.of("step hangs", "16", p, fails("failed step_deadline_exceeded"), NodeFaults::hangs)
                        .in(FaultRow.Setting.LONG_AGO)));
        rows.addAll(some(
                DURING,
                1,
                p -> FaultRow.of(
                        "step hangs for all its time",
                        "16",
                        p,
                        fails("failed step_deadline_exceeded"),
                        NodeFaults::hangs)));
        rows.add(FaultRow.of("white screen", "10", last(), fails("failed proof_missing"), NodeFaults::whiteScreen));
        rows.add(FaultRow.of("stranger answers", "10", last(), fails("failed proof_missing"), NodeFaults::stranger));
        return rows;
    }

    /** A cancelled job is struck while it is undone. */
    private List<FaultRow> ofUndo() {
        var rows = new ArrayList<FaultRow>();
        rows.addAll(undoing(DURING, p -> FaultRow.of("run killed", "3", p, CANCELLED, AgentFaults::undoKilled)));
        rows.addAll(undoing(AMID, p -> FaultRow.of("run killed", "3", p, CANCELLED, scene -> {})));
        rows.addAll(undoing(DURING, p -> FaultRow.of("agent killed", "3", p, CANCELLED, AgentFaults::killed)));
        var middle = new FaultPoint(
                Phase.UNDO,
                DURING,
                steps.undo().size() / 2,
                steps.undo().get(steps.undo().size() / 2 - 1));
        rows.add(FaultRow.of("control plane killed", "33", middle, CANCELLED, PlaneFaults::killed));
        rows.add(FaultRow.of("PostgreSQL killed", "8", middle, CANCELLED, PlaneFaults::databaseKilled));
        rows.add(FaultRow.of("machine restarted", "3", middle, CANCELLED, NodeFaults::restarted));
        return rows;
    }

    /** All of a site's files are there once its release is linked. */
    private Allowed whenFull(FaultPoint point, String code) {
        return point.ordinal() <= steps.ordinalOf("Link the release")
                ? fails("failed " + code)
                : new Allowed(Set.of("succeeded", "failed " + code), Set.of(1), false);
    }

    /**
     * A row of most kinds, at a point that the seed chooses: not of the slowest, and not of those that are struck with and
     * without a guard of the product anyway.
     */
    List<FaultRow> sample(Random random) {
        var kinds = List.of(
                "agent killed, apply",
                "run killed, apply during",
                "run killed, apply amid",
                "run killed, undo",
                "control plane killed, apply",
                "PostgreSQL killed, asked",
                "Redis hangs",
                "token file lost",
                "replica killed",
                "agent killed, verifying");
        return kinds.stream()
                .map(kind -> {
                    var rows = all().stream()
                            .filter(row -> row.toString().startsWith(kind))
                            .toList();
                    return rows.get(random.nextInt(rows.size()));
                })
                .toList();
    }

    /** After the last step nothing but the proof is left. */
    private FaultPoint last() {
        return steps.last();
    }

    private List<FaultRow> every(FaultPoint.When when, Function<FaultPoint, FaultRow> row) {
        return points(Phase.APPLY, steps.apply(), when).map(row).toList();
    }

    private List<FaultRow> undoing(FaultPoint.When when, Function<FaultPoint, FaultRow> row) {
        return points(Phase.UNDO, steps.undo(), when).map(row).toList();
    }

    /** Spread evenly over the steps. */
    private List<FaultRow> some(FaultPoint.When when, int count, Function<FaultPoint, FaultRow> row) {
        var points = points(Phase.APPLY, steps.apply(), when).toList();
        return Stream.iterate(0, i -> i < count, i -> i + 1)
                .map(i -> points.get((2 * i + 1) * points.size() / (2 * count)))
                .map(row)
                .toList();
    }

    private static Stream<FaultPoint> points(Phase phase, List<String> names, FaultPoint.When when) {
        return Stream.iterate(1, i -> i <= names.size(), i -> i + 1)
                .map(ordinal -> new FaultPoint(phase, when, ordinal, names.get(ordinal - 1)));
    }
}
