package io.pressluft.agent.facts;

/** The node at one moment. */
public record Facts(
        long loadMilli,
        long memoryTotalBytes,
        long memoryAvailableBytes,
        long diskTotalBytes,
        long diskFreeBytes,
        int environments) {}
