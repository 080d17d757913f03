package io.pressluft.controlplane.harness;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what happens in another thread, no longer than it takes. */
public final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private Eventually() {}

    /** @param what fails the test as "never: what" */
    public static void eventually(String what, BooleanSupplier holds) {
        within(PATIENCE, what, holds);
    }

    /** For what is to happen only after the product itself has waited. */
    public static void within(Duration patience, String what, BooleanSupplier holds) {
        var end = System.nanoTime() + patience.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never: " + what);
            }
            pause();
        }
    }

    @SuppressWarnings("ReturnValueIgnored")
    private static void pause() {
        try {
            boolean over = NEVER.await(20, TimeUnit.MILLISECONDS);
            assert !over;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
