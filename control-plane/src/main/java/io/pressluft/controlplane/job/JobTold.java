package io.pressluft.controlplane.job;

/**
 * An operator has acted on a job that is under way.
 *
 * @param action {@code cancel} or {@code resolve}
 */
public record JobTold(Job job, String action, String by) {}
