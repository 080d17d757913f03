package io.pressluft.controlplane.provider.nspawn;

import java.util.List;
import java.util.TreeSet;

/**
 * What one instance owns on this host, as told in {@code /run/pressluft/instances/<instance id>.json}. The start time
 * tells the owner from a later process with the same number.
 */
record InstanceRecord(
        String instanceId,
        String dataDirectory,
        boolean ephemeral,
        long pid,
        long pidStartTime,
        String bridge,
        String table,
        String subnet,
        String cgroup,
        List<String> machines) {

    InstanceRecord {
        machines = List.copyOf(machines);
    }

    InstanceRecord ownedBy(OwnerProcess owner) {
        return new InstanceRecord(
                instanceId,
                dataDirectory,
                ephemeral,
                owner.pid(),
                owner.startTime(),
                bridge,
                table,
                subnet,
                cgroup,
                machines);
    }

    InstanceRecord withSubnet(String other) {
        return new InstanceRecord(
                instanceId, dataDirectory, ephemeral, pid, pidStartTime, bridge, table, other, cgroup, machines);
    }

    InstanceRecord with(String nodeId) {
        var more = new TreeSet<>(machines);
        more.add(nodeId);
        return withMachines(List.copyOf(more));
    }

    InstanceRecord without(String nodeId) {
        return withMachines(machines.stream().filter(id -> !id.equals(nodeId)).toList());
    }

    OwnerProcess owner() {
        return new OwnerProcess(pid, pidStartTime);
    }

    private InstanceRecord withMachines(List<String> others) {
        return new InstanceRecord(
                instanceId, dataDirectory, ephemeral, pid, pidStartTime, bridge, table, subnet, cgroup, others);
    }
}
