package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Says that there is something to look at. Rung twice before anybody looked, it has been rung once. */
final class Bell {

    private final Semaphore rings = new Semaphore(0);
    private long answered = System.nanoTime();

    void ring() {
        rings.release();
    }

    /**
     * Waits until the bell is rung, at most for {@code longest}. One who has looked less than {@code burst} ago waits for
     * the rest of it, so that what comes in a burst is looked at once. Called by one thread.
     *
     * @return whether it was rung
     */
    boolean await(Duration longest, Duration burst) throws InterruptedException {
        boolean rung = rings.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
        long early = burst.toNanos() - (System.nanoTime() - answered);
        if (rung && early > 0) {
            TimeUnit.NANOSECONDS.sleep(early);
        }
        rings.drainPermits();
        answered = System.nanoTime();
        return rung;
    }
}
