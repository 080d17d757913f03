package io.pressluft.protocol.time;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time that passes, whatever is done to the machine's clock meanwhile. */
public final class Elapsed {

    private final LongSupplier nanos;
    private final long begun;

    private Elapsed(LongSupplier nanos) {
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /** Counts from now on. */
    public static Elapsed begin() {
        return begin(System::nanoTime);
    }

    /**
     * Counts from now on.
     *
     * @param nanos only runs forward, in nanoseconds of no particular origin
     */
    public static Elapsed begin(LongSupplier nanos) {
        return new Elapsed(nanos);
    }

    /** Since it was begun. */
    public Duration time() {
        return Duration.ofNanos(nanos.getAsLong() - begun);
    }

    /** Whether more than {@code limit} has passed. */
    public boolean exceeds(Duration limit) {
        return time().compareTo(limit) > 0;
    }
}
