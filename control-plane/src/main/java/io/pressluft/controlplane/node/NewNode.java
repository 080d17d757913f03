package io.pressluft.controlplane.node;

/** What a valid request for a node says; source and provider are always explicit. */
public record NewNode(String name, String source, String provider, String webStack, int memoryMb, double cpus) {}
