package io.pressluft.controlplane.agent;

/** A count of nanoseconds that nobody can set. It may stand still while the machine sleeps. */
@FunctionalInterface
public interface Ticks {

    long nanos();
}
