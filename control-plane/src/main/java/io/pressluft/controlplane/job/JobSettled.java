package io.pressluft.controlplane.job;

/** Published inside the transaction that ends a job. */
public record JobSettled(Job job, JobState outcome) {}
