package io.pressluft.agent.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Raised once; every wait of a loop ends with it. */
public final class StopSignal {

    private final CountDownLatch raised = new CountDownLatch(1);

    public void raise() {
        raised.countDown();
    }

    public boolean isRaised() {
        return raised.getCount() == 0;
    }

    /** Waits until the signal is raised (true) or {@code patience} is over (false). */
    public boolean within(Duration patience) throws InterruptedException {
        return raised.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
}
