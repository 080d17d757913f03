package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.protocol.time.Elapsed;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions of the outside world that nobody announces. */
final class Await {

    private static final Duration INTERVAL = Duration.ofMillis(50);

    /** True as soon as the condition holds, false when it did not within the time or the thread is interrupted. */
    boolean until(Duration timeout, BooleanSupplier condition) {
        var waited = Elapsed.begin();
        while (!condition.getAsBoolean()) {
            if (waited.exceeds(timeout) || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
        return true;
    }
}
