package io.pressluft.controlplane.job;

/**
 * An operator has acted on a job that has not ended.
 *
 * @param action {@code cancel}, {@code resolve} or, of a repeat that waited, {@code retry}
 */
public record JobTold(Job job, String action, String by) {}
