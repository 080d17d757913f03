package io.pressluft.controlplane.provider;

/** Whether a node lives on the control plane's own host or somewhere else. */
public enum NodeSource {
    LOCAL,
    REMOTE
}
