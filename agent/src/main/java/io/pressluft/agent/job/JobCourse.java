package io.pressluft.agent.job;

import io.pressluft.agent.run.Failure;
import io.pressluft.agent.run.RunEnd;
import io.pressluft.agent.run.RunPhase;
import io.pressluft.agent.run.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The way of one job from its acceptance to its end: apply, prove, then commit or undo. Every stage is in the journal
 * before it begins, so that the agent goes on from there when it was restarted.
 */
final class JobCourse {

    /** Whether a run is to be begun, or was begun by an agent before this one. */
    private enum Next {
        BEGIN,
        ADOPT
    }

    private static final Duration VERDICT_SLICE = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 3;

    private final Journal journal;
    private final FencingTokens tokens;
    private final Runs runs;
    private final Proving proving;
    private final JobClock clock;
    private final RunOrders orders;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private JobRecord record;
    private Next next = Next.ADOPT;

    /** What may happen to a job while it waits for its verdict. */
    enum Signal {
        COMMIT,
        UNDO,
        LOOK_AT_TOKEN,
        STOP
    }

    JobCourse(
            JobRecord record,
            Journal journal,
            FencingTokens tokens,
            Runs runs,
            Proving proving,
            CourseSettings settings,
            JobClock clock) {
        this.record = record;
        this.journal = journal;
        this.tokens = tokens;
        this.runs = runs;
        this.proving = proving;
        this.clock = clock;
        this.orders = new RunOrders(journal, tokens, clock, settings.undoLimit());
    }

    void signal(Signal signal) {
        signals.add(signal);
    }

    /** Returns when the job has ended, or is interrupted; the journal then says where to go on. */
    void complete() throws IOException, InterruptedException {
        while (!record.stage().ended()) {
            switch (record.stage()) {
                case ACCEPTED -> begin();
                case APPLYING -> applied(run(RunPhase.APPLY));
                case PROVING -> prove();
                case AWAITING_VERDICT -> decide();
                case COMMITTING -> commit();
                case UNDOING -> undo();
                case SETTLED, CLOSED -> throw new IllegalStateException("ended");
            }
        }
        for (var run : record.runs()) {
            runs.removeVariables(journal.runDirectory(record, run));
        }
    }

    private void begin() throws IOException {
        if (fenced()) {
            settle("fence", Report.undone(true, fencedOff(), UndoReason.FENCED_OFF));
        } else if (cancelled()) {
            settle("cancelled", Report.undone(true, Failure.NONE, UndoReason.TOLD));
        } else if (clock.over(record.order().deadline())) {
            settle(
                    "deadline",
                    Report.undone(true, late("Its time was over before it could begin."), UndoReason.DEADLINE));
        } else {
            beginRun(
                    RunPhase.APPLY,
                    "begin",
                    r -> r.at(JobStage.APPLYING, clock.wall().instant()));
        }
    }

    private void applied(RunEnd end) throws IOException {
        switch (end) {
            case RunEnd.Succeeded(var outputs) -> {
                if (record.order().page() == null) {
                    awaitVerdict("applied", outputs);
                } else {
                    to(JobStage.PROVING, "applied");
                }
            }
            case RunEnd.Failed(var failure) -> beginUndo(failure, UndoReason.APPLY_FAILED);
            case RunEnd.Lost(var failure) -> beginUndo(failure, UndoReason.APPLY_FAILED);
            case RunEnd.OutOfTime(var failure) -> beginUndo(failure, UndoReason.DEADLINE);
            case RunEnd.FencedOff(var failure) -> settle("fence", Report.undone(false, failure, UndoReason.FENCED_OFF));
            case RunEnd.Cancelled cancelled -> beginUndo(Failure.NONE, UndoReason.TOLD);
        }
    }

    private void prove() throws IOException, InterruptedException {
        if (cancelled()) {
            beginUndo(Failure.NONE, UndoReason.TOLD);
            return;
        }
        var order = orders.last(record, RunPhase.APPLY);
        var applied = runs.summary(order);
        var page = record.order().page();
        var failure = page == null
                ? Failure.NONE
                : proving.prove(page, order.files(), applied, record.order().deadline());
        if (failure.happened()) {
            beginUndo(failure, UndoReason.APPLY_FAILED);
        } else {
            awaitVerdict("proved", applied.outputs());
        }
    }

    private void awaitVerdict(String trigger, Map<String, String> outputs) throws IOException {
        change(
                trigger,
                r -> r.with(Report.applied(outputs))
                        .at(JobStage.AWAITING_VERDICT, clock.wall().instant()));
    }

    private void decide() throws IOException, InterruptedException {
        if (fenced()) {
            settle("fence", Report.undone(false, fencedOff(), UndoReason.FENCED_OFF));
            return;
        }
        if (cancelled()) {
            beginUndo(Failure.NONE, UndoReason.TOLD);
            return;
        }
        if (clock.over(record.order().deadline())) {
            beginUndo(late("No verdict came before the deadline."), UndoReason.DEADLINE);
            return;
        }
        long slice = Math.min(
                VERDICT_SLICE.toMillis(), clock.left(record.order().deadline()).toMillis());
        switch (signals.poll(Math.max(1, slice), TimeUnit.MILLISECONDS)) {
            case COMMIT -> beginCommit();
            case UNDO -> beginUndo(Failure.NONE, UndoReason.TOLD);
            case STOP -> throw new InterruptedException("the agent stops");
            case LOOK_AT_TOKEN -> {}
            case null -> {}
        }
    }

    private void beginCommit() throws IOException {
        if (hasPlaybook(RunPhase.COMMIT)) {
            beginRun(
                    RunPhase.COMMIT,
                    "verdict",
                    r -> r.at(JobStage.COMMITTING, clock.wall().instant()));
        } else {
            to(JobStage.COMMITTING, "verdict");
        }
    }

    private void commit() throws IOException, InterruptedException {
        if (record.lastRun(RunPhase.COMMIT).isEmpty()) {
            settle("committed", Report.committed(Failure.NONE));
            return;
        }
        switch (run(RunPhase.COMMIT)) {
            case RunEnd.Succeeded succeeded -> settle("committed", Report.committed(Failure.NONE));
            case RunEnd.Failed(var failure) -> settle("commit_failed", Report.committed(failure));
            case RunEnd.OutOfTime(var failure) -> settle("commit_failed", Report.committed(failure));
            case RunEnd.Cancelled(var failure) -> settle("commit_failed", Report.committed(failure));
            case RunEnd.FencedOff(var failure) -> settle("fence", Report.committed(failure));
            case RunEnd.Lost(var failure) -> {
                if (record.attempts(RunPhase.COMMIT) < MOST_ATTEMPTS) {
                    beginRun(RunPhase.COMMIT, "again", r -> r);
                } else {
                    settle("commit_failed", Report.committed(failure));
                }
            }
        }
    }

    private void beginUndo(Failure failure, UndoReason reason) throws IOException {
        if (hasPlaybook(RunPhase.UNDO)) {
            beginRun(
                    RunPhase.UNDO,
                    "undo",
                    r -> r.because(failure, reason)
                            .at(JobStage.UNDOING, clock.wall().instant()));
        } else {
            change(
                    "undo",
                    r -> r.because(failure, reason)
                            .at(JobStage.UNDOING, clock.wall().instant()));
        }
    }

    private void undo() throws IOException, InterruptedException {
        if (record.lastRun(RunPhase.UNDO).isEmpty()) {
            settle("undone", Report.undone(true, record.failure(), record.reason()));
            return;
        }
        switch (run(RunPhase.UNDO)) {
            case RunEnd.Succeeded succeeded -> settle("undone", Report.undone(true, record.failure(), record.reason()));
            case RunEnd.Failed(var failure) -> undoFailed(failure);
            case RunEnd.OutOfTime(var failure) -> undoFailed(failure);
            case RunEnd.Cancelled(var failure) -> undoFailed(failure);
            case RunEnd.FencedOff(var failure) -> settle("fence", Report.undone(false, failure, UndoReason.FENCED_OFF));
            case RunEnd.Lost(var failure) -> {
                if (record.attempts(RunPhase.UNDO) < MOST_ATTEMPTS) {
                    beginRun(RunPhase.UNDO, "again", r -> r);
                } else {
                    undoFailed(failure);
                }
            }
        }
    }

    /** What went wrong first stays the code and step of the job; what the undo said is added to it. */
    private void undoFailed(Failure undo) throws IOException {
        var first = record.failure();
        var failure = first.happened()
                ? new Failure(
                        first.code(),
                        "%s The undo ended at \"%s\": %s".formatted(first.message(), undo.step(), undo.message()),
                        first.step())
                : new Failure("undo_failed", undo.message(), undo.step());
        settle("undo_failed", Report.undone(false, failure, record.reason()));
    }

    private RunEnd run(RunPhase phase) throws IOException, InterruptedException {
        var order = orders.last(record, phase);
        var how = next;
        next = Next.ADOPT;
        if (how == Next.ADOPT) {
            return runs.adopt(order);
        }
        var before = orders.before(record);
        if (before.isPresent()) {
            runs.awaitGone(before.get());
        }
        return runs.perform(order);
    }

    private void beginRun(RunPhase phase, String trigger, UnaryOperator<JobRecord> change) throws IOException {
        var run = orders.next(record, phase, runs);
        change(trigger, r -> change.apply(r).with(run));
        next = Next.BEGIN;
    }

    private void settle(String trigger, Report report) throws IOException {
        change(trigger, r -> r.with(report).at(JobStage.SETTLED, clock.wall().instant()));
    }

    private void to(JobStage stage, String trigger) throws IOException {
        change(trigger, r -> r.at(stage, clock.wall().instant()));
    }

    private void change(String trigger, UnaryOperator<JobRecord> change) throws IOException {
        record = journal.update(record.id(), trigger, change);
    }

    private boolean hasPlaybook(RunPhase phase) {
        return runs.playbooks().find(record.order().type(), phase).isPresent();
    }

    private boolean cancelled() {
        return journal.cancelled(record.id());
    }

    private boolean fenced() throws IOException {
        var order = record.order();
        return order.ofSite() && tokens.highest(order.siteId()) > order.token();
    }

    private static Failure fencedOff() {
        return new Failure("fenced_off", "A newer job holds the site.", "");
    }

    private static Failure late(String message) {
        return new Failure("deadline_exceeded", message, "");
    }
}
