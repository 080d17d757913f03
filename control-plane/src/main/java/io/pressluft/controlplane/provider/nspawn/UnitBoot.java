package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** For hosts run by systemd: a transient unit per machine, with a delegated control group and its limits. */
record UnitBoot(InstanceNames names, HostCommands commands) implements MachineBoot {

    @Override
    public void start(MachineDirectory machine, AcquisitionSpec spec) {
        MachineLimits limits = MachineLimits.of(spec);
        List<String> command = new ArrayList<>(List.of(
                "systemd-run",
                "--quiet",
                "--collect",
                "--unit=" + names.unit(spec.nodeId()),
                "--description=Pressluft node " + spec.nodeName(),
                "--property=Delegate=yes",
                "--property=KillMode=mixed",
                "--property=Slice=machine.slice",
                "--property=MemoryMax=" + limits.memoryBytes(),
                "--property=MemorySwapMax=0",
                "--property=CPUQuota=" + limits.cpuPercent() + "%",
                "--property=TasksMax=" + MachineLimits.TASKS,
                // The machine's way to say that it reboots.
                "--property=RestartForceExitStatus=133",
                "--property=SuccessExitStatus=133",
                "--property=StandardOutput=append:" + machine.console(),
                "--property=StandardError=append:" + machine.console()));
        ENVIRONMENT.forEach((name, value) -> command.add("--setenv=" + name + "=" + value));
        command.add("--");
        command.addAll(MachineBoot.nspawn(names, machine, spec));
        commands.run("systemctl", "reset-failed", names.unit(spec.nodeId()));
        commands.check(Duration.ofSeconds(30), line -> {}, command);
    }

    @Override
    public List<ProcessHandle> stragglers(String nodeId) {
        return List.of();
    }

    /** systemd removes a unit's group with the unit. */
    @Override
    public boolean clear(String nodeId) {
        commands.run("systemctl", "stop", names.unit(nodeId));
        commands.run("systemctl", "reset-failed", names.unit(nodeId));
        return true;
    }

    @Override
    public void clearShared() {}

    @Override
    public boolean controllersReadOnlyInMachines() {
        return !Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
    }
}
