package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * This replica's own signs of life. After a time in which it could not say that it lives, perhaps no other could either:
 * they are given time to say it before their work is taken from them. Used by one thread.
 */
final class Heartbeats {

    static final Duration EVERY = Duration.ofSeconds(5);

    /** One that comes later than this was held up. */
    private static final Duration LATE = Duration.ofSeconds(12);

    /** Two beats, and the time for a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final LongSupplier nanos;
    private long newest;
    private long steadySince;

    /** @param nanos a clock that only runs forward, in nanoseconds */
    Heartbeats(LongSupplier nanos) {
        this.nanos = nanos;
        this.newest = nanos.getAsLong();
        this.steadySince = newest;
    }

    void beat() {
        long now = nanos.getAsLong();
        if (now - newest > LATE.toNanos()) {
            steadySince = now;
        }
        newest = now;
    }

    /** The database did not take it. */
    void missed() {
        steadySince = nanos.getAsLong();
    }

    /** Whether they have been regular for so long that another one's silence means something. */
    boolean steady() {
        return nanos.getAsLong() - steadySince > PATIENCE.toNanos();
    }
}
