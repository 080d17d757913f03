package io.pressluft.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Other processes, as /proc shows them. */
final class Processes {
    private Processes() {}

    static List<String> arguments(long pid) {
        try {
            String raw = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
            byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
            return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException e) {
            return List.of();
        }
    }

    static String commandLine(long pid) {
        return String.join(" ", arguments(pid));
    }

    /** Processes with this path in their arguments; not this one, those that started it, and readers of a log. */
    static List<String> naming(Path path) {
        var own = new HashSet<Long>();
        for (var process = Optional.of(ProcessHandle.current());
                process.isPresent() && own.add(process.get().pid()); )
            process = process.get().parent();
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> !own.contains(pid))
                .filter(pid -> arguments(pid).stream().anyMatch(argument -> names(argument, path)))
                .map(pid -> "pid %d (%s)".formatted(pid, Text.shortened(commandLine(pid), 100)))
                .toList();
    }

    private static boolean names(String argument, Path path) {
        if (argument.endsWith(".log")) return false;
        int end = argument.indexOf(path.toString()) + path.toString().length();
        return argument.contains(path.toString()) && (end == argument.length() || argument.charAt(end) == '/');
    }

    static boolean endsWithin(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return !process.isAlive();
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
