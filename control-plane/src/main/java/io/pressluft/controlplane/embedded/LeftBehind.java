package io.pressluft.controlplane.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds and ends servers whose command line or working directory lies in a directory of ours. */
final class LeftBehind {

    private static final Duration POLITE = Duration.ofSeconds(15);

    private LeftBehind() {}

    static void end(Path directory) throws IOException {
        var mine = directory.toAbsolutePath().normalize();
        for (var process : ProcessHandle.allProcesses().toList()) {
            if (process.pid() != ProcessHandle.current().pid() && belongs(process.pid(), mine)) {
                end(process);
            }
        }
        Files.deleteIfExists(mine.resolve("data/postmaster.pid"));
    }

    private static boolean belongs(long pid, Path directory) {
        var proc = Path.of("/proc", Long.toString(pid));
        try {
            var program = new String(Files.readAllBytes(proc.resolve("comm")), StandardCharsets.UTF_8).strip();
            if (!program.startsWith("postgres") && !program.startsWith("redis-server")) {
                return false;
            }
            var folder = Files.readSymbolicLink(proc.resolve("cwd"));
            return folder.startsWith(directory);
        } catch (IOException goneOrForeign) {
            return false;
        }
    }

    private static void end(ProcessHandle process) {
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
