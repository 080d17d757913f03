package io.pressluft.controlplane.readiness;

/**
 * What only the control plane can know about a node.
 *
 * @param enrolled whether its agent has ever connected
 * @param online whether the newest heartbeat is young enough
 * @param agentVersion the version the agent reported; empty before the first connection
 */
public record NodeFacts(boolean enrolled, boolean online, String agentVersion, String expectedAgentVersion) {}
