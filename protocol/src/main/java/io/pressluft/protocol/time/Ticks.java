package io.pressluft.protocol.time;

/** A count of nanoseconds that nobody can set. It may stand still while the machine sleeps. */
@FunctionalInterface
public interface Ticks {

    long nanos();
}
