package io.pressluft.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A root shell in a local machine, from its host: the managed key runs nothing but the probe, so tests enter the machine's
 * namespaces instead.
 */
final class NodeShell {

    private static final Duration BOOT = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Path machine;

    /** @param machine {@code <data>/machines/<node id>} */
    NodeShell(Path machine) {
        this.machine = machine;
    }

    /** A path of the machine's disk, seen from here. Not for what is mounted in the machine, such as /run and /tmp. */
    Path disk(String path) {
        return machine.resolve("root").resolve(path.substring(1));
    }

    Commands.Result run(String... command) {
        return run(List.of(command));
    }

    Commands.Result run(List<String> command) {
        var whole = new ArrayList<>(List.of(
                "nsenter",
                "--target",
                Long.toString(leader()),
                "--mount",
                "--uts",
                "--ipc",
                "--net",
                "--pid",
                "--root",
                "--wd",
                "--",
                "/usr/bin/env",
                "-i",
                "LANG=C.UTF-8",
                "HOME=/root",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        whole.addAll(command);
        return Commands.run(whole, Map.of(), LONGEST);
    }

    /** Runs the lines with bash; ends at the first that fails. */
    Commands.Result script(String lines) {
        return run("bash", "-euo", "pipefail", "-c", lines);
    }

    /** WP-CLI in the environment's jail. */
    Commands.Result wp(String environmentId, String... arguments) {
        var command =
                new ArrayList<>(List.of("/usr/local/lib/pressluft/jail", environmentId, "/usr/local/lib/pressluft/wp"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Puts a file on the machine's disk. */
    void write(String path, String content) {
        try {
            Files.createDirectories(disk(path).getParent());
            Files.writeString(disk(path), content);
        } catch (IOException e) {
            throw new AssertionError("cannot write " + path + " on the node", e);
        }
    }

    /**
     * Restarts the machine and returns once it runs again. Nobody may be inside while it goes down: its shutdown stops
     * all processes it sees, {@code nsenter} then stops itself, out of the machine's sight, and nobody ever continues it.
     */
    void reboot(Duration patience) {
        long before = leader();
        run("systemctl", "reboot");
        Await.until("the machine is another boot", patience, () -> leader() != before);
    }

    boolean running() {
        return Processes.all().stream().anyMatch(this::isSupervisor);
    }

    private boolean isSupervisor(Processes.Running process) {
        var words = List.of(process.commandLine().split(" "));
        return process.commandLine().startsWith("systemd-nspawn")
                && words.contains("--directory=" + machine.resolve("root"));
    }

    private boolean isInit(Processes.Running process) {
        return process.first() && !isSupervisor(process); // which it is until it has become the machine's own program
    }

    private long leader() {
        return Await.value("the machine runs in " + machine, BOOT, () -> {
            var all = Processes.all();
            return all.stream()
                    .filter(this::isSupervisor)
                    .flatMap(supervisor -> ProcessHandle.of(supervisor.pid()).stream())
                    .flatMap(ProcessHandle::descendants)
                    .map(ProcessHandle::pid)
                    .filter(pid -> all.stream().anyMatch(process -> process.pid() == pid && isInit(process)))
                    .findFirst();
        });
    }
}
