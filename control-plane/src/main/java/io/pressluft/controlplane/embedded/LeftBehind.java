package io.pressluft.controlplane.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds and ends servers that were started from a directory of ours and outlived their control plane. */
final class LeftBehind {

    private static final Duration POLITE = Duration.ofSeconds(15);

    private LeftBehind() {}

    /** Ends every server that was started from {@code directory}. */
    static void end(Path directory) throws IOException {
        // Where a process works is said without symbolic links.
        var mine = Files.exists(directory)
                ? directory.toRealPath()
                : directory.toAbsolutePath().normalize();
        for (var server : servers()) {
            if (server.workingDirectory().startsWith(mine)) {
                end(server.process());
            }
        }
        Files.deleteIfExists(mine.resolve("data/postmaster.pid"));
    }

    /** A running PostgreSQL or Redis and where it works. */
    record Server(ProcessHandle process, Path workingDirectory) {}

    static List<Server> servers() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .flatMap(process -> {
                    var proc = Path.of("/proc", Long.toString(process.pid()));
                    try {
                        var program = Files.readString(proc.resolve("comm")).strip();
                        return program.equals("postgres") || program.equals("redis-server")
                                ? java.util.stream.Stream.of(
                                        new Server(process, Files.readSymbolicLink(proc.resolve("cwd"))))
                                : java.util.stream.Stream.empty();
                    } catch (IOException goneOrForeign) {
                        return java.util.stream.Stream.empty();
                    }
                })
                .toList();
    }

    static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(POLITE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException stubborn) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
