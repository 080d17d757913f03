package io.pressluft.controlplane.job;

import java.util.List;

/** Published inside the transaction that writes these jobs. */
public record JobsQueued(List<Job> jobs) {}
