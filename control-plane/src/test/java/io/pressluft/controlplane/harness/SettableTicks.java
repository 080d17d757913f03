package io.pressluft.controlplane.harness;

import io.pressluft.protocol.time.Ticks;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The real ticks, put forward by as much as a test asks for, and never back. */
public final class SettableTicks implements Ticks {

    private final AtomicLong ahead = new AtomicLong();

    public void advance(Duration by) {
        ahead.addAndGet(by.toNanos());
    }

    @Override
    public long nanos() {
        return System.nanoTime() + ahead.get();
    }
}
