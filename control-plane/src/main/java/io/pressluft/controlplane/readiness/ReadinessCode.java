package io.pressluft.controlplane.readiness;

import java.util.Locale;

/** The checks a node has to pass before it gets work, and what an operator should do about each. */
public enum ReadinessCode {
    ACQUISITION_IN_PROGRESS("Wait until the node's job has ended; nothing needs to be sent again."),
    SSH_UNREACHABLE("Check that the machine runs and that its SSH port is reachable from the control plane."),
    SSH_AUTH_FAILED("Authorise the managed key on the machine again."),
    HOST_KEY_CHANGED("Make sure that the machine is the one you know; if it was rebuilt, decommission this node."),
    SUDO_UNAVAILABLE("Let the managed user run the probe through sudo without a password."),
    OS_UNSUPPORTED("Use Ubuntu 24.04, Debian 12 or Debian 13."),
    DISK_LOW("Free disk space or inodes on the node, or give it a larger disk."),
    MEMORY_LOW("Give the node more memory."),
    CLOCK_SKEWED("Turn on time synchronisation on the node."),
    RUNTIME_MISSING("Provision the node again; it installs what is missing."),
    SERVICE_DOWN("Start the service on the node and read its journal."),
    GATEWAY_UNREACHABLE("Open the way from the node to the gateway address."),
    AGENT_NOT_ENROLLED("Provision the node again; its agent has no identity."),
    AGENT_OFFLINE(
            "Start pressluft-agent on the node and read its journal. If its certificate has expired: pressluft node enrol-token."),
    AGENT_OUTDATED("Upgrade the agent of the node."),
    FIREWALL_INACTIVE("Turn the node's firewall on: ufw enable.");

    private final String remediation;

    ReadinessCode(String remediation) {
        this.remediation = remediation;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    String remediation() {
        return remediation;
    }
}
