package io.pressluft.controlplane.provider.nspawn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what dead instances left on this host. Dead means: the owner has ended, and there is nothing for its next
 * start to resume, because the data directory is gone or was never meant to last. Every other instance is left alone.
 */
final class LeftoverSweep {

    private static final Logger log = LoggerFactory.getLogger(LeftoverSweep.class);

    private final InstanceRegistry registry;
    private final HostCommands commands;
    private final Await await;

    LeftoverSweep(InstanceRegistry registry, HostCommands commands, Await await) {
        this.registry = registry;
        this.commands = commands;
        this.await = await;
    }

    /** The ids of the instances that were removed. The caller holds the host's lock. */
    List<String> sweepExcept(String ownInstanceId) {
        List<String> swept = new ArrayList<>();
        for (InstanceRecord record : registry.all()) {
            boolean dataGone = !Files.isDirectory(Path.of(record.dataDirectory()));
            boolean dead = !record.owner().alive();
            if (!record.instanceId().equals(ownInstanceId) && dead && (dataGone || record.ephemeral())) {
                remove(record);
                log.info(
                        "instance={} dataDirectory={} swept=true trigger=start",
                        record.instanceId(),
                        record.dataDirectory());
                swept.add(record.instanceId());
            }
        }
        return swept;
    }

    /** Removes everything of one instance, whatever state it is in. The caller holds the host's lock. */
    void removeAllOf(String instanceId) {
        registry.all().stream()
                .filter(record -> record.instanceId().equals(instanceId))
                .forEach(this::remove);
    }

    private void remove(InstanceRecord record) {
        InstanceNames names = new InstanceNames(record.instanceId());
        Path data = Path.of(record.dataDirectory());
        Path machines = data.resolve("machines");
        MachineProcess.below(machines).forEach(MachineProcess::kill);
        MachinePower power = new MachinePower(MachineBoot.ofThisHost(names, commands), await);
        for (String nodeId : record.machines()) {
            if (nodeId.matches("node_[a-z0-9]{12}")) {
                MachineDirectory machine = new MachineDirectory(machines.resolve(nodeId));
                power.end(machine, nodeId);
                commands.run("rm", "-rf", "--one-file-system", machine.path().toString());
            }
        }
        machines.toFile().delete();
        power.clearShared();
        new Firewall(names, commands).close();
        commands.run("ip", "link", "delete", "dev", names.bridge());
        new JsonFile<>(InstanceNetwork.planFile(data), NetworkPlan.class).delete();
        registry.remove(record.instanceId());
    }
}
