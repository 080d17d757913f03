package io.pressluft.controlplane.alert;

import java.time.Instant;

/**
 * A node or job that an incident is about.
 *
 * @param since when it came to be what the incident says
 */
record Member(String id, String name, Instant since) {}
