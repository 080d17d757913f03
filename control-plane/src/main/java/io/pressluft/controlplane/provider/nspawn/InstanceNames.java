package io.pressluft.controlplane.provider.nspawn;

/** Every name an instance uses on its host. Derived, never stored, so that cleaning up cannot be led astray. */
record InstanceNames(String instanceId) {

    InstanceNames {
        if (!instanceId.matches("[0-9a-f]{8}")) {
            throw new IllegalArgumentException("an instance id is eight hex digits, not: " + instanceId);
        }
    }

    /** Twelve characters; the kernel allows fifteen. */
    String bridge() {
        return "plft" + instanceId;
    }

    String table() {
        return "pressluft_" + instanceId;
    }

    String controlGroup() {
        return "pressluft_" + instanceId;
    }

    String machine(String nodeId) {
        return "pl-" + instanceId + "-" + suffix(nodeId);
    }

    String unit(String nodeId) {
        return "pressluft-" + instanceId + "-" + suffix(nodeId) + ".service";
    }

    /** Machine names must be valid host names, which know no underscore. */
    private static String suffix(String nodeId) {
        return nodeId.substring(nodeId.indexOf('_') + 1);
    }
}
