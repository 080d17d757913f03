package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.protocol.time.Elapsed;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes the work of one job into the database as it happens. Used by one thread at a time. */
final class RecordedWork implements WorkLog {

    /** A log longer than this says so and ends. */
    private static final long LONGEST_LOG = 1 << 20;

    /** Where an earlier worker stopped is looked up when there is something to add: many a job has no steps. */
    private static final int UNKNOWN = -1;

    private final String jobId;
    private final JobRecorder recorder;
    private final Clock clock;
    private final LongSupplier nanos;
    private int ordinal = UNKNOWN;
    private long offset = UNKNOWN;
    private @Nullable String failingStep;
    private volatile @Nullable OpenStep open;

    /** The step under way; {@code since} in nanoseconds of no particular origin. */
    private record OpenStep(String name, long since) {}

    /** @param nanos a clock that only runs forward, in nanoseconds */
    RecordedWork(String jobId, JobRecorder recorder, Clock clock, LongSupplier nanos) {
        this.jobId = jobId;
        this.recorder = recorder;
        this.clock = clock;
        this.nanos = nanos;
    }

    @Override
    public <T> T step(String name, Callable<T> work) {
        int number = nextOrdinal();
        var started = clock.instant();
        var took = Elapsed.begin(nanos);
        recorder.step(jobId, new JobStep(0, number, "work", name, "running", started, null, null, null));
        open = new OpenStep(name, nanos.getAsLong());
        try {
            var result = work.call();
            recorder.step(jobId, ended(number, name, "changed", started, took, null, null));
            return result;
        } catch (CodedException failed) {
            failingStep = failingStep == null ? name : failingStep;
            recorder.step(
                    jobId,
                    ended(number, name, "failed", started, took, failed.code().code(), failed.getMessage()));
            throw failed;
        } catch (RuntimeException failed) {
            failingStep = failingStep == null ? name : failingStep;
            recorder.step(
                    jobId, ended(number, name, "failed", started, took, "internal_error", "An unexpected error."));
            throw failed;
        } catch (Exception failed) {
            failingStep = failingStep == null ? name : failingStep;
            throw new IllegalStateException("step \"%s\" ended by %s".formatted(name, failed), failed);
        } finally {
            open = null;
        }
    }

    /** The step that has been under way for longer than {@code limit}. Asked by any thread. */
    Optional<String> hanging(Duration limit) {
        var step = open;
        return step == null || nanos.getAsLong() - step.since() <= limit.toNanos()
                ? Optional.empty()
                : Optional.of(step.name());
    }

    private JobStep ended(
            int number,
            String name,
            String outcome,
            Instant started,
            Elapsed took,
            @Nullable String code,
            @Nullable String message) {
        return new JobStep(
                0, number, "work", name, outcome, started, took.time().toMillis(), code, message);
    }

    @Override
    public void step(JobStep step) {
        ordinal = Math.max(lastOrdinal(), step.ordinal());
        if (step.outcome().equals("failed")) {
            failingStep = step.name();
        }
        open = step.outcome().equals("running") ? new OpenStep(step.name(), nanos.getAsLong()) : null;
        recorder.step(jobId, step);
    }

    @Override
    public int nextOrdinal() {
        ordinal = lastOrdinal() + 1;
        return ordinal;
    }

    private int lastOrdinal() {
        return ordinal == UNKNOWN ? recorder.lastOrdinal(jobId) : ordinal;
    }

    @Override
    public synchronized void log(String text) {
        if (offset == UNKNOWN) {
            offset = recorder.logLength(jobId);
        }
        if (offset >= LONGEST_LOG || text.isEmpty()) {
            return;
        }
        var whole = (text.endsWith("\n") ? text : text + "\n").getBytes(StandardCharsets.UTF_8);
        var bytes = Arrays.copyOf(whole, (int) Math.min(whole.length, LONGEST_LOG - offset));
        recorder.log(jobId, 0, offset, bytes);
        offset += bytes.length;
        if (offset >= LONGEST_LOG) {
            recorder.log(jobId, 0, offset, "The log was cut here.\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Nullable
    String failingStep() {
        return failingStep;
    }
}
