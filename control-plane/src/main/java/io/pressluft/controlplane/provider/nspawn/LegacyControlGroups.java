package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The layouts with one hierarchy per controller, alone (v1) or beside an empty unified one (hybrid). */
record LegacyControlGroups(List<Path> hierarchies) implements ControlGroups {

    LegacyControlGroups {
        hierarchies = List.copyOf(hierarchies);
    }

    static LegacyControlGroups mounted() {
        try {
            return new LegacyControlGroups(Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" "))
                    .filter(fields -> fields[2].equals("cgroup") || fields[2].equals("cgroup2"))
                    .map(fields -> Path.of(fields[1]))
                    .distinct()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Path> prepare(String group, MachineLimits limits) {
        List<Path> entrances = new ArrayList<>();
        for (Path hierarchy : hierarchies) {
            Path path = hierarchy;
            for (Path part : Path.of(group)) {
                path = make(path, part.toString());
            }
            limit(path, limits);
            entrances.add(make(path, "machine").resolve("cgroup.procs"));
        }
        return entrances;
    }

    @Override
    public boolean mountedReadOnlyInMachines() {
        return true;
    }

    private static Path make(Path parent, String name) {
        Path group = parent.resolve(name);
        try {
            Files.createDirectories(group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Without these no process may enter a group of the cpuset controller.
        for (String inherited : List.of("cpuset.cpus", "cpuset.mems")) {
            if (Files.exists(group.resolve(inherited))) {
                ControlGroups.write(group.resolve(inherited), ControlGroups.read(parent.resolve(inherited)));
            }
        }
        return group;
    }

    private static void limit(Path group, MachineLimits limits) {
        String memory = Long.toString(limits.memoryBytes());
        Path withSwap = group.resolve("memory.memsw.limit_in_bytes");
        // Memory and swap together may never be below memory alone: make room first, then tighten.
        writeIfThere(withSwap, "-1");
        writeIfThere(group.resolve("memory.limit_in_bytes"), memory);
        writeIfThere(withSwap, memory);
        writeIfThere(group.resolve("cpu.cfs_period_us"), Integer.toString(MachineLimits.CPU_PERIOD_MICROS));
        writeIfThere(group.resolve("cpu.cfs_quota_us"), Long.toString(limits.cpuQuotaMicros()));
        writeIfThere(group.resolve("pids.max"), Integer.toString(MachineLimits.TASKS));
    }

    private static void writeIfThere(Path file, String value) {
        if (Files.exists(file)) {
            ControlGroups.write(file, value);
        }
    }
}
