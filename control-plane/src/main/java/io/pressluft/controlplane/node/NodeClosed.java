package io.pressluft.controlplane.node;

/** The node's identity was taken back: its agent must not be connected any more. */
public record NodeClosed(String nodeId) {}
