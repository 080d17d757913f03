package io.pressluft.controlplane.readiness;

import tools.jackson.databind.JsonNode;

/** What asking the probe led to. */
public sealed interface ProbeAnswer {

    /** The probe's JSON object. */
    record Seen(JsonNode report) implements ProbeAnswer {}

    /** The probe could not be run. */
    record Unseen(ReadinessCode why, String detail) implements ProbeAnswer {}
}
