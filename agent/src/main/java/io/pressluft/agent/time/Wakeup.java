package io.pressluft.agent.time;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A hint that there is something to look at. Many hints before a look count as one. */
public final class Wakeup {

    private final Semaphore hints = new Semaphore(0);

    public void hint() {
        hints.release();
    }

    /** Waits for a hint, at most for {@code patience}. */
    public void await(Duration patience) throws InterruptedException {
        if (hints.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            hints.drainPermits();
        }
    }
}
