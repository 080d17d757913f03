package io.pressluft.controlplane.job;

/** One line of a job's history, numbered from one without gaps; the body is JSON. */
record JobEvent(int number, String kind, String body) {}
