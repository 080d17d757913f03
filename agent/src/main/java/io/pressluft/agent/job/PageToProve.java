package io.pressluft.agent.job;

/** The front page of an environment, as the offer names it. */
public record PageToProve(String url, String environmentId, String identity, String release) {}
