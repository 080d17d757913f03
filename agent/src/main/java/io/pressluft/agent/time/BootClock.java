package io.pressluft.agent.time;

/** CLOCK_BOOTTIME in milliseconds: counts through suspend, never jumps, starts again with the machine. */
@FunctionalInterface
public interface BootClock {
    long millis();
}
