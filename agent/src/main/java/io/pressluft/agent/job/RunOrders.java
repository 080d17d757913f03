package io.pressluft.agent.job;

import io.pressluft.agent.run.RunOrder;
import io.pressluft.agent.run.RunPhase;
import io.pressluft.agent.run.Runs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Turns what the journal knows of a run into what is needed to run it. */
final class RunOrders {

    private final Journal journal;
    private final FencingTokens tokens;
    private final JobClock clock;
    private final Duration undoLimit;

    RunOrders(Journal journal, FencingTokens tokens, JobClock clock, Duration undoLimit) {
        this.journal = journal;
        this.tokens = tokens;
        this.clock = clock;
        this.undoLimit = undoLimit;
    }

    /** The newest run of the phase. */
    RunOrder last(JobRecord record, RunPhase phase) {
        var run = record.lastRun(phase)
                .orElseThrow(() -> new IllegalStateException("job " + record.id() + " has no run for " + phase));
        return order(record, run);
    }

    /** The run before the newest one. */
    Optional<RunOrder> before(JobRecord record) {
        int count = record.runs().size();
        return count < 2
                ? Optional.empty()
                : Optional.of(order(record, record.runs().get(count - 2)));
    }

    /** A further run; its steps and its log go on where those of the last one ended. */
    RunRecord next(JobRecord record, RunPhase phase, Runs runs) throws IOException {
        long attempts = record.attempts(phase);
        var directory = attempts == 0 ? phase.word() : phase.word() + "-" + (attempts + 1);
        if (record.runs().isEmpty()) {
            return new RunRecord(phase, directory, 0, 0);
        }
        var summary = runs.summary(order(record, record.runs().getLast()));
        return new RunRecord(phase, directory, summary.nextOrdinalBase(), summary.nextLogBase());
    }

    private RunOrder order(JobRecord record, RunRecord run) {
        var order = record.order();
        return new RunOrder(
                order.jobId(),
                order.type(),
                run.phase(),
                journal.runDirectory(record, run),
                order.payload(),
                order.ofSite() ? tokens.file(order.siteId()) : Path.of(""),
                order.token(),
                run.phase() == RunPhase.APPLY
                        ? clock.bootMillis(order.deadline())
                        : clock.boot().millis() + undoLimit.toMillis(),
                run.phase() == RunPhase.UNDO ? 0 : order.stepMillis(), // the way back is not cut short
                journal.cancelFile(order.jobId()),
                run.ordinalBase(),
                run.logBase());
    }
}
