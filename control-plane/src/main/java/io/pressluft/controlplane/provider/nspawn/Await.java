package io.pressluft.controlplane.provider.nspawn;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions of the outside world that nobody announces. */
final class Await {

    private static final Duration INTERVAL = Duration.ofMillis(50);

    private final Clock clock;

    Await(Clock clock) {
        this.clock = clock;
    }

    /** True as soon as the condition holds, false when it did not within the time or the thread is interrupted. */
    boolean until(Duration timeout, BooleanSupplier condition) {
        Instant deadline = clock.instant().plus(timeout);
        while (!condition.getAsBoolean()) {
            if (clock.instant().isAfter(deadline) || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
        return true;
    }
}
