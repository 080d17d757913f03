package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Pure cgroup v2 without a systemd that delegates: groups of our own below the root. */
record UnifiedControlGroups(Path mount) implements ControlGroups {

    private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids", "io", "cpuset");

    @Override
    public List<Path> hierarchies() {
        return List.of(mount);
    }

    @Override
    public List<Path> prepare(String group, MachineLimits limits) {
        Path path = mount;
        for (Path part : Path.of(group)) {
            delegate(path);
            path = make(path.resolve(part.toString()));
        }
        ControlGroups.write(path.resolve("memory.max"), Long.toString(limits.memoryBytes()));
        ControlGroups.write(path.resolve("cpu.max"), limits.cpuQuotaMicros() + " " + MachineLimits.CPU_PERIOD_MICROS);
        ControlGroups.write(path.resolve("pids.max"), Integer.toString(MachineLimits.TASKS));
        if (Files.exists(path.resolve("memory.swap.max"))) {
            ControlGroups.write(path.resolve("memory.swap.max"), "0");
        }
        delegate(path);
        return List.of(make(path.resolve("machine")).resolve("cgroup.procs"));
    }

    @Override
    public boolean mountedReadOnlyInMachines() {
        return false;
    }

    private static Path make(Path group) {
        try {
            return Files.createDirectories(group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delegate(Path group) {
        List<String> available =
                List.of(ControlGroups.read(group.resolve("cgroup.controllers")).split(" "));
        try {
            for (String controller : CONTROLLERS) {
                if (available.contains(controller)) {
                    Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
                }
            }
        } catch (IOException e) {
            throw new ProviderException(
                    "capability_missing",
                    "The control group %s cannot be divided: %s.".formatted(group, e.getMessage()),
                    "Run the control plane on a host with systemd, or outside of a container.",
                    e);
        }
    }
}
