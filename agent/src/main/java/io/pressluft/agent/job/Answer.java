package io.pressluft.agent.job;

/** What an offer is answered with. */
public sealed interface Answer {

    record Accepted() implements Answer {}

    /** @param code fenced_off, unknown_job_type, payload_invalid, agent_failed */
    record Refused(String code, String message) implements Answer {}
}
