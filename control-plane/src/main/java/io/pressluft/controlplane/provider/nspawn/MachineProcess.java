package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A running systemd-nspawn, found by asking the kernel which one was started for a root directory. That answer survives
 * crashes of this process at any point, which a file with a process number does not.
 */
record MachineProcess(ProcessHandle supervisor, Path root) {

    private static final String DIRECTORY = "--directory=";

    static Optional<MachineProcess> of(Path root) {
        return all().stream().filter(machine -> machine.root().equals(root)).findFirst();
    }

    /** Those whose root lies below the directory. */
    static List<MachineProcess> below(Path directory) {
        return all().stream()
                .filter(machine -> machine.root().startsWith(directory))
                .toList();
    }

    /** Asks systemd inside to shut down; nspawn passes the request on. */
    void askToStop() {
        supervisor.destroy();
    }

    void kill() {
        supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
        supervisor.destroyForcibly();
    }

    boolean running() {
        return supervisor.isAlive();
    }

    private static List<MachineProcess> all() {
        return ProcessHandle.allProcesses()
                .flatMap(handle -> machine(handle).stream())
                // Between fork and exec nspawn's children look like itself; the one that matters is their parent.
                .filter(machine -> machine.supervisor()
                        .parent()
                        .flatMap(MachineProcess::machine)
                        .isEmpty())
                .toList();
    }

    private static Optional<MachineProcess> machine(ProcessHandle handle) {
        List<String> argv = argv(handle.pid());
        if (argv.isEmpty() || !argv.getFirst().endsWith("systemd-nspawn")) {
            return Optional.empty();
        }
        return argv.stream()
                .filter(argument -> argument.startsWith(DIRECTORY))
                .map(argument -> new MachineProcess(handle, Path.of(argument.substring(DIRECTORY.length()))))
                .findFirst();
    }

    private static List<String> argv(long pid) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return List.of(new String(line, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }
}
