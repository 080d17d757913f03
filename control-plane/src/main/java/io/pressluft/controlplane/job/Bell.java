package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Says that there is something to look at. Rung several times before anybody looked, it has been rung once. */
final class Bell {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition heard = lock.newCondition();
    private int rings;
    private int wanted;
    private long answered = System.nanoTime();

    void ring() {
        ring(1);
    }

    /** For what is not to wait until a burst is over. */
    void ringLoudly() {
        ring(Integer.MAX_VALUE);
    }

    private void ring(int times) {
        lock.lock();
        try {
            rings = times > Integer.MAX_VALUE - rings ? Integer.MAX_VALUE : rings + times;
            if (rings >= wanted) {
                heard.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the bell is rung, at most for {@code longest}. One who has looked less than {@code burst} ago waits for
     * the rest of it, so that what comes in a burst is looked at once, but no longer than for {@code enough} rings. Called
     * by one thread.
     *
     * @return whether it was rung
     */
    boolean await(Duration longest, Duration burst, int enough) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            boolean rung = heard(1, longest.toNanos());
            if (rung) {
                heard(enough, burst.toNanos() - (System.nanoTime() - answered));
            }
            rings = 0;
            answered = System.nanoTime();
            return rung;
        } finally {
            lock.unlock();
        }
    }

    private boolean heard(int count, long longest) throws InterruptedException {
        wanted = count;
        long left = longest;
        while (rings < count && left > 0) {
            left = heard.awaitNanos(left);
        }
        return rings >= count;
    }
}
