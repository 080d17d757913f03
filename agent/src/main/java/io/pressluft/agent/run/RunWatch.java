package io.pressluft.agent.run;

import io.pressluft.agent.time.BootClock;
import io.pressluft.agent.time.StopSignal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Follows one run to its end by its events, its exit, and, rarely, by asking whether its unit lives. */
final class RunWatch {

    private static final Logger LOG = Logger.getLogger(RunWatch.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final long ALIVE_EVERY_MS = 1000;
    private static final int OUTPUT_TAIL = 8 * 1024;

    private final RunOrder order;
    private final Units units;
    private final BootClock clock;
    private final StopSignal stop;
    private final Duration grace;
    private final RunSummary summary;
    private final LineTail tail;

    RunWatch(RunOrder order, Units units, BootClock clock, StopSignal stop, Duration grace) {
        this.order = order;
        this.units = units;
        this.clock = clock;
        this.stop = stop;
        this.grace = grace;
        this.summary = new RunSummary(order.ordinalBase(), order.logBase());
        this.tail = new LineTail(order.files().events());
    }

    static void pause(StopSignal stop) throws InterruptedException {
        if (stop.within(PAUSE)) {
            throw new InterruptedException("the agent stops");
        }
    }

    RunEnd end() throws IOException, InterruptedException {
        long askAgain = clock.millis();
        while (true) {
            // Exit and life are asked before the events are read: what was written last is then seen for sure.
            var exit = RunExit.read(order.files().exit());
            long now = clock.millis();
            boolean gone = false;
            if (exit.isEmpty() && now >= askAgain) {
                gone = !units.alive(order.unit(), order.files());
                askAgain = now + ALIVE_EVERY_MS;
            }
            summary.readOn(tail);
            if (!summary.outcome().isEmpty()) {
                return told();
            }
            if (exit.isPresent()) {
                return silent(exit.get());
            }
            if (gone) {
                return RunExit.read(order.files().exit()).map(this::silent).orElseGet(this::lost);
            }
            if (now > order.deadline() + grace.toMillis()) {
                units.stop(order.unit(), order.files());
                return new RunEnd.OutOfTime(closed(outOfTime()));
            }
            if (summary.hangs(now, order.stepMillis())) {
                units.stop(order.unit(), order.files());
                return new RunEnd.OutOfTime(closed(hanging()));
            }
            pause(stop);
        }
    }

    /** The run has written its own end. */
    private RunEnd told() {
        return switch (summary.outcome()) {
            case "succeeded" -> new RunEnd.Succeeded(summary.outputs());
            case "fenced" -> new RunEnd.FencedOff(fencedOff());
            case "deadline" -> new RunEnd.OutOfTime(outOfTime());
            case "cancelled" -> new RunEnd.Cancelled(cancelled());
            default -> new RunEnd.Failed(failure("playbook_failed", "The playbook failed."));
        };
    }

    /** The run has ended without a word: before its first step, or by force. */
    private RunEnd silent(RunExit exit) {
        logOutput();
        return switch (exit.result()) {
            case "oom-kill" ->
                new RunEnd.Failed(closed(new Failure(
                        "out_of_memory", "The run was killed because it took more memory than it may.", lastStep())));
            case "timeout" -> new RunEnd.OutOfTime(closed(outOfTime()));
            default ->
                switch (exit.status()) {
                    case "70" -> new RunEnd.FencedOff(fencedOff());
                    case "71" -> new RunEnd.OutOfTime(outOfTime());
                    case "72" -> new RunEnd.Cancelled(cancelled());
                    case "TERM", "KILL" -> new RunEnd.Lost(closed(gone()));
                    default ->
                        new RunEnd.Failed(closed(failure(
                                "playbook_failed",
                                "The playbook ended with status %s and no word; its output is in the job's log."
                                        .formatted(exit.status()))));
                };
        };
    }

    private RunEnd lost() {
        logOutput();
        return new RunEnd.Lost(closed(gone()));
    }

    /** A step that ended with its run is seen to have failed; an agent before this one may have said so already. */
    private Failure closed(Failure failure) {
        var open = summary.open();
        var before = summary.failedStep();
        if (open.isEmpty()) {
            return before == null ? failure : new Failure(before.code(), before.message(), before.name());
        }
        var step = open.get();
        var events = new EventsFile(order.files().events());
        try {
            if (!step.shown()) {
                events.stepStarted(step.ordinal(), step.name(), step.at());
            }
            events.stepFinished(step.ordinal(), step.name(), Math.max(0, clock.millis() - step.boot()), failure);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "run=" + order.unit() + " its last step cannot be closed", e);
        }
        return failure;
    }

    private Failure gone() {
        return new Failure(
                "run_lost", "The run vanished without an end: it was killed, or the machine restarted.", lastStep());
    }

    private Failure failure(String code, String message) {
        var step = summary.failedStep();
        return step == null
                ? new Failure(code, message, summary.openStep())
                : new Failure(step.code().isEmpty() ? code : step.code(), step.message(), step.name());
    }

    private Failure outOfTime() {
        return new Failure("deadline_exceeded", "The time for this work was over before it was done.", lastStep());
    }

    private Failure hanging() {
        return new Failure(
                "step_deadline_exceeded",
                "The step was not done after %d seconds and was ended."
                        .formatted(Duration.ofMillis(order.stepMillis()).toSeconds()),
                lastStep());
    }

    private Failure fencedOff() {
        return new Failure(
                "fenced_off", "A newer job holds the site; this one stopped before its next step.", lastStep());
    }

    private Failure cancelled() {
        return new Failure("job_cancelled", "The job was cancelled; it stopped before its next step.", lastStep());
    }

    private String lastStep() {
        return summary.openStep();
    }

    private void logOutput() {
        try {
            var text = lastOutput().strip();
            if (!text.isEmpty()) {
                new EventsFile(order.files().events()).log(text);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "run=" + order.unit() + " output unreadable", e);
        }
    }

    private String lastOutput() throws IOException {
        try (var output = FileChannel.open(order.files().output(), StandardOpenOption.READ)) {
            var last = ByteBuffer.allocate(OUTPUT_TAIL);
            output.read(last, Math.max(0, output.size() - OUTPUT_TAIL));
            return new String(last.array(), 0, last.position(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException silent) {
            return "";
        }
    }
}
