package io.pressluft.controlplane.provider;

/** A provider could not do what was asked: a stable code, what happened, and what the operator should do next. */
public final class ProviderException extends RuntimeException {

    private final String code;
    private final String remediation;

    public ProviderException(String code, String message, String remediation) {
        super(message);
        this.code = code;
        this.remediation = remediation;
    }

    public ProviderException(String code, String message, String remediation, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.remediation = remediation;
    }

    /** The provider cannot work on this host as it is. */
    public static ProviderException capabilityMissing(String message, String remediation) {
        return new ProviderException("capability_missing", message, remediation);
    }

    /** Nothing was acquired under this node id, or it is gone. */
    public static ProviderException machineMissing(String nodeId) {
        return new ProviderException(
                "machine_missing",
                "The machine of node %s does not exist on this host.".formatted(nodeId),
                "Delete the node and create a new one.");
    }

    public String code() {
        return code;
    }

    public String remediation() {
        return remediation;
    }
}
