package io.pressluft.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, never for time to pass. */
final class Await {

    private static final long BETWEEN_LOOKS_MS = 50;

    private Await() {}

    /** @throws AssertionError when the condition does not come true in time */
    static void until(String what, Duration patience, BooleanSupplier condition) {
        value(what, patience, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** @throws AssertionError when there is no value in time */
    static <T> T value(String what, Duration patience, Supplier<Optional<T>> look) {
        var never = new CountDownLatch(1);
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            var found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("waited %d s in vain: %s".formatted(patience.toSeconds(), what));
            }
            try {
                never.await(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting: " + what, e);
            }
        }
    }
}
