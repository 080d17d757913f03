package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.ProviderException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** For hosts without systemd: the machine runs in a session and in control groups of its own. */
record DirectBoot(InstanceNames names, ControlGroups groups) implements MachineBoot {

    /**
     * Enters the groups, which only the process itself can do before it becomes the machine, and starts the machine
     * again when that reboots: nspawn ends with 133 then, for a service manager to see.
     */
    private static final String LAUNCHER = """
            #!/bin/sh
            # launch.sh <console log> <cgroup.procs file>... -- <command>...
            exec >>"$1" 2>&1 </dev/null
            shift
            while [ "$1" != "--" ]; do
                echo $$ >"$1" || exit 1
                shift
            done
            shift
            while :; do
                "$@"
                code=$?
                [ "$code" = 133 ] || exit "$code"
            done
            """;

    @Override
    public void start(MachineDirectory machine, AcquisitionSpec spec) {
        List<Path> entrances = groups.prepare(group(spec.nodeId()), MachineLimits.of(spec));
        List<String> command = new ArrayList<>(List.of(
                "setsid", "sh", machine.launcher().toString(), machine.console().toString()));
        entrances.forEach(entrance -> command.add(entrance.toString()));
        command.add("--");
        command.addAll(MachineBoot.nspawn(names, machine, spec));
        try {
            Files.writeString(machine.launcher(), LAUNCHER);
            Files.writeString(machine.console(), "");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            // A machine inherits nothing of this process: its environment may hold secrets.
            Map<String, String> environment = builder.environment();
            environment.clear();
            environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
            environment.putAll(ENVIRONMENT);
            builder.start().getOutputStream().close();
        } catch (IOException e) {
            throw new ProviderException(
                    "boot_failed",
                    "The machine of node %s cannot be started: %s".formatted(spec.nodeId(), e.getMessage()),
                    "Check free disk space, then try again.",
                    e);
        }
    }

    @Override
    public List<ProcessHandle> stragglers(String nodeId) {
        return groups.processes(group(nodeId));
    }

    @Override
    public boolean clear(String nodeId) {
        return groups.remove(group(nodeId));
    }

    @Override
    public void clearShared() {
        groups.removeIfEmpty(names.controlGroup());
    }

    @Override
    public boolean controllersReadOnlyInMachines() {
        return groups.mountedReadOnlyInMachines();
    }

    private String group(String nodeId) {
        return names.controlGroup() + "/" + nodeId;
    }
}
