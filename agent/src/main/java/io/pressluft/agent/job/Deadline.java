package io.pressluft.agent.job;

/**
 * When the time of a job is over. The boot clock decides; it starts again with the machine, and then the wall clock
 * stands in for it.
 *
 * @param bootMillis CLOCK_BOOTTIME
 * @param bootId the boot it belongs to
 * @param epochMillis the same moment on the wall clock
 */
public record Deadline(long bootMillis, String bootId, long epochMillis) {}
