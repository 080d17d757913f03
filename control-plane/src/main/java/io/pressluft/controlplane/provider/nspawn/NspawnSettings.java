package io.pressluft.controlplane.provider.nspawn;

import java.nio.file.Path;
import java.util.List;

/**
 * Where local nodes of one control plane instance live.
 *
 * @param instanceId eight hex digits, unique on this host; every name on the host is made from it
 * @param dataDirectory holds the machines; lives as long as the instance
 * @param cacheDirectory holds images and packages; may be shared between instances and deleted when none is building
 * @param resolvers name servers for the machines; empty means those of this host
 * @param ephemeral nothing of this instance is worth keeping once its process has ended
 */
public record NspawnSettings(
        String instanceId, Path dataDirectory, Path cacheDirectory, List<String> resolvers, boolean ephemeral) {

    public NspawnSettings {
        if (!instanceId.matches("[0-9a-f]{8}")) {
            throw new IllegalArgumentException("an instance id is eight hex digits, not: " + instanceId);
        }
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        cacheDirectory = cacheDirectory.toAbsolutePath().normalize();
        resolvers = List.copyOf(resolvers);
    }

    InstanceNames names() {
        return new InstanceNames(instanceId);
    }

    Path machines() {
        return dataDirectory.resolve("machines");
    }

    MachineDirectory machine(String nodeId) {
        return new MachineDirectory(machines().resolve(nodeId));
    }
}
