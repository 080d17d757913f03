package io.pressluft.agent.job;

import io.pressluft.agent.run.Failure;
import io.pressluft.agent.run.RunPhase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job as the journal knows it.
 *
 * @param runs every run begun, oldest first
 * @param failure what made an undo necessary
 * @param reports every report made, oldest first
 * @param changedAt of the newest entry
 */
public record JobRecord(
        JobOrder order,
        JobStage stage,
        List<RunRecord> runs,
        Failure failure,
        UndoReason reason,
        List<Report> reports,
        Instant changedAt) {

    static JobRecord accepted(JobOrder order, Instant now) {
        return new JobRecord(order, JobStage.ACCEPTED, List.of(), Failure.NONE, UndoReason.TOLD, List.of(), now);
    }

    public String id() {
        return order.jobId();
    }

    JobRecord at(JobStage next, Instant now) {
        if (!stage.canBecome(next)) {
            throw new IllegalStateException("job " + id() + " cannot go from " + stage + " to " + next);
        }
        return new JobRecord(order, next, runs, failure, reason, reports, now);
    }

    JobRecord with(RunRecord run) {
        return new JobRecord(order, stage, plus(runs, run), failure, reason, reports, changedAt);
    }

    JobRecord because(Failure why, UndoReason whyUndone) {
        return new JobRecord(order, stage, runs, why, whyUndone, reports, changedAt);
    }

    JobRecord with(Report report) {
        return new JobRecord(order, stage, runs, failure, reason, plus(reports, report), changedAt);
    }

    /** The control plane knows the report of this phase; with the last one it knows the end. */
    JobRecord seen(RunPhase phase, Instant now) {
        var marked = reports.stream()
                .map(report -> report.phase() == phase ? report.asSeen() : report)
                .toList();
        boolean done = stage == JobStage.SETTLED && marked.stream().allMatch(Report::seen);
        return new JobRecord(order, done ? JobStage.CLOSED : stage, runs, failure, reason, marked, now);
    }

    public Optional<Report> report(RunPhase phase) {
        return reports.stream().filter(report -> report.phase() == phase).findFirst();
    }

    public Optional<RunRecord> lastRun(RunPhase phase) {
        return runs.reversed().stream().filter(run -> run.phase() == phase).findFirst();
    }

    long attempts(RunPhase phase) {
        return runs.stream().filter(run -> run.phase() == phase).count();
    }

    /** The phase the job is in. */
    public RunPhase phase() {
        return switch (stage) {
            case ACCEPTED, APPLYING, PROVING, AWAITING_VERDICT -> RunPhase.APPLY;
            case COMMITTING -> RunPhase.COMMIT;
            case UNDOING -> RunPhase.UNDO;
            case SETTLED, CLOSED ->
                reports.isEmpty() ? RunPhase.UNDO : reports.getLast().phase();
        };
    }

    public boolean ended() {
        return stage.ended();
    }

    /** Whether that phase has been brought to an end. */
    public boolean phaseFinished() {
        return stage == JobStage.AWAITING_VERDICT || stage.ended();
    }

    private static <T> List<T> plus(List<T> list, T last) {
        var longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }
}
