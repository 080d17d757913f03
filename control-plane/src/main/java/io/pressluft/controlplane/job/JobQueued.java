package io.pressluft.controlplane.job;

/** Published inside the transaction that writes a job. */
public record JobQueued(Job job) {}
