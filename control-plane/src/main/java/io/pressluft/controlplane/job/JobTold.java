package io.pressluft.controlplane.job;

/**
 * An operator has acted on a job that has not ended.
 *
 * @param action {@code cancel}, {@code resolve}, of a repeat that waited {@code retry}, or {@code node_gone} when what
 *     they did was to take its node out of service
 */
public record JobTold(Job job, String action, String by) {}
