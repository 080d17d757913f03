package io.pressluft.controlplane.alert;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the same again and again on a thread of its own, and outlives what goes wrong. The scheduler of the application is
 * not used: it has one thread for all that is done with a pause between, and a receiver may be slow.
 */
final class Loop {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    /** What is done. */
    @FunctionalInterface
    interface Round {
        void run() throws InterruptedException;
    }

    private final String what;
    private final Duration pause;
    private final Round round;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    Loop(String what, Duration pause, Round round) {
        this.what = what;
        this.pause = pause;
        this.round = round;
        this.thread = Thread.ofVirtual().name("alert-" + what).start(this::run);
    }

    private void run() {
        try {
            do {
                once();
            } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void once() throws InterruptedException {
        try {
            round.run();
        } catch (RuntimeException e) {
            log.warn("Alerts: {} failed; next attempt in {}: {}", what, pause, e.toString());
        }
    }

    /** Lets a round come to its end if it does so soon. */
    void stop() {
        stop.countDown();
        try {
            if (!thread.join(LONGEST_STOP)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
