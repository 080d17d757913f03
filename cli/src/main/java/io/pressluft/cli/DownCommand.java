package io.pressluft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "down", description = "Stop the instance on this machine; with --purge, remove all it made.")
final class DownCommand implements Callable<Integer> {
    private static final Duration STOP = Duration.ofSeconds(45);

    private final Pressluft root;

    @Option(names = "--purge", description = "Remove every node, network, process and all data: nothing is kept.")
    private boolean purge;

    DownCommand(Pressluft root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        DataDirectory data = root.data();
        Output output = root.output();
        if (!data.exists()) {
            output.say("Nothing is here: %s does not exist.".formatted(data.path()));
            return Exit.OK;
        }
        boolean stopped = stop(data);
        try (DataDirectory.Lock lock = awaitLock(data)) {
            if (lock == null)
                throw CliException.failed(
                        "not_stopped",
                        "The instance in %s does not stop (kept by pid %d)".formatted(data.path(), data.keeper()),
                        "See " + data.log());
            if (!purge) {
                output.say(stopped ? "Stopped. Data is kept in " + data.path() + "." : "Nothing was running.");
                return Exit.OK;
            }
            purge(data);
        }
        return Exit.OK;
    }

    /** True when something was running. */
    private boolean stop(DataDirectory data) {
        Instance instance = data.instance();
        Optional<ProcessHandle> process = instance == null ? Optional.empty() : instance.process(data);
        if (process.isPresent()) {
            end(process.get(), "the control plane");
            return true;
        }
        try (DataDirectory.Lock free = data.lock()) {
            if (free != null) return false;
        }
        // A keeper that is still starting, or between its child's end and its own.
        Optional<ProcessHandle> keeper = ProcessHandle.of(data.keeper())
                .filter(handle -> Processes.commandLine(handle.pid()).contains("pressluft-cli")
                        || Processes.commandLine(handle.pid()).contains(Pressluft.class.getName()));
        keeper.ifPresent(handle -> end(handle, "the instance"));
        return keeper.isPresent();
    }

    private void end(ProcessHandle process, String what) {
        root.output().say("Stopping %s (pid %d) ...".formatted(what, process.pid()));
        if (!process.destroy())
            throw CliException.failed(
                    "not_permitted",
                    "This user may not stop pid %d".formatted(process.pid()),
                    "Run the command as the user that started it (sudo).");
        if (!Processes.endsWithin(process, STOP))
            throw CliException.failed(
                    "not_stopped",
                    "Pid %d is still running after %s".formatted(process.pid(), Text.seconds(STOP)),
                    "See " + root.data().log());
    }

    private static DataDirectory.@Nullable Lock awaitLock(DataDirectory data) {
        for (int i = 0; i < 100; i++) {
            DataDirectory.Lock lock = data.lock();
            if (lock != null) return lock;
            Pause.of(Duration.ofMillis(100));
        }
        return null;
    }

    private void purge(DataDirectory data) {
        Output output = root.output();
        output.say("Removing everything that the instance made ...");
        var tail = new java.util.ArrayDeque<String>();
        int code = ControlPlane.purge(Pressluft.home(), data, line -> {
            tail.addLast(line);
            if (tail.size() > 25) tail.removeFirst();
            output.live("        " + line);
        });
        if (code != 0) {
            tail.forEach(line -> output.problem("  | " + line));
            throw CliException.failed(
                    "purge_failed",
                    "Cleaning up ended with exit code %d".formatted(code),
                    "Remove the cause shown above and run ./pressluft down --purge again.");
        }
        removeOwnFiles(data);
        if (data.exists())
            throw CliException.failed(
                    "purge_incomplete", "%s still exists".formatted(data.path()), "Look at what is left in it.");
        List<String> survivors = Processes.naming(data.path());
        for (int i = 0; i < 10 && !survivors.isEmpty(); i++) {
            Pause.of(Duration.ofMillis(300));
            survivors = Processes.naming(data.path());
        }
        if (!survivors.isEmpty())
            throw CliException.failed(
                    "purge_incomplete",
                    "Processes of the instance are still running: " + String.join("; ", survivors),
                    "End them by their pid, then look for networks and tables named after the instance.");
        output.say("Nothing is left: nodes, networks, processes and %s are gone.".formatted(data.path()));
    }

    /** The files that this command line writes itself, in case the directory is still there for them alone. */
    private static void removeOwnFiles(DataDirectory data) {
        try {
            for (String file : new String[] {"up.lock", "control-plane.log", "control-plane.log.1"})
                Files.deleteIfExists(data.path().resolve(file));
            Files.deleteIfExists(data.path());
        } catch (IOException e) {
            // the caller looks whether the directory is gone
        }
    }
}
