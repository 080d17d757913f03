package io.pressluft.controlplane.job;

/** It is decided whether the job's change stays; whoever has a part of it in hand is to be told. */
public record JobDecided(Job job) {}
