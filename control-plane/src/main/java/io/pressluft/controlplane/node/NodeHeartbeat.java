package io.pressluft.controlplane.node;

/** What an agent reports every few seconds. */
public record NodeHeartbeat(
        String nodeId,
        String agentVersion,
        double load,
        long memoryAvailable,
        long diskFree,
        long clockSkewMs,
        int environments) {}
