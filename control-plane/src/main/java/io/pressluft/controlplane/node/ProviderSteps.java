package io.pressluft.controlplane.node;

import io.pressluft.controlplane.job.JobStep;
import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.protocol.time.Elapsed;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes what a provider tells of its progress as steps of the job: a new one ends the one before. */
final class ProviderSteps implements Progress {

    private final WorkLog log;
    private final Clock clock;
    private Elapsed since = Elapsed.begin();
    private final Consumer<String> pin;
    private final Runnable narrowed;
    private @Nullable JobStep current;

    /**
     * @param pin keeps the host key of the machine
     * @param narrowed keeps that the managed key runs the probe only
     */
    ProviderSteps(WorkLog log, Clock clock, Consumer<String> pin, Runnable narrowed) {
        this.log = log;
        this.clock = clock;
        this.pin = pin;
        this.narrowed = narrowed;
    }

    @Override
    public void step(String name, String detail) {
        end("changed", null);
        var started = clock.instant();
        since = Elapsed.begin();
        current = new JobStep(0, log.nextOrdinal(), "work", "Acquire: " + name, "running", started, null, null, null);
        log.step(current);
        log.log("acquire " + name + ": " + detail);
    }

    @Override
    public void log(String line) {
        log.log(line);
    }

    @Override
    public void hostKey(String key) {
        pin.accept(key);
    }

    @Override
    public void narrowed() {
        narrowed.run();
    }

    void end(String outcome, @Nullable ProviderException failure) {
        var step = current;
        if (step == null) {
            return;
        }
        current = null;
        log.step(new JobStep(
                0,
                step.ordinal(),
                step.phase(),
                step.name(),
                outcome,
                step.startedAt(),
                since.time().toMillis(),
                failure == null ? null : failure.code(),
                failure == null ? null : failure.getMessage()));
    }
}
