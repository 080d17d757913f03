package io.pressluft.controlplane.job;

import java.util.List;

/** Published inside the transaction that ends these jobs, with the states that they have ended in. */
public record JobsSettled(List<Job> jobs) {}
