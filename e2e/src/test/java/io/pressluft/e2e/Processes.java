package io.pressluft.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What /proc says about the processes of this host, those in machines included. */
final class Processes {

    private Processes() {}

    record Running(long pid, String commandLine, String directory, String groups, String status) {

        boolean belongsTo(String name) {
            return commandLine.contains(name) || directory.contains(name) || groups.contains(name);
        }

        /** The first process of a machine is number 1 there and another one here. */
        boolean first() {
            return status.lines()
                    .filter(line -> line.startsWith("NSpid:"))
                    .map(line -> line.substring("NSpid:".length()).strip().split("\\s+"))
                    .anyMatch(ids -> ids.length > 1 && ids[ids.length - 1].equals("1"));
        }

        @Override
        public String toString() {
            return pid + " " + commandLine;
        }
    }

    static List<Running> all() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> look(process.pid()).stream())
                .toList();
    }

    /** Those that have the name in their command line, working directory or control group; this JVM aside. */
    static List<Running> of(String name) {
        return all().stream()
                .filter(process -> process.belongsTo(name))
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .toList();
    }

    private static Optional<Running> look(long pid) {
        var proc = Path.of("/proc", Long.toString(pid));
        try {
            return Optional.of(new Running(
                    pid,
                    new String(Files.readAllBytes(proc.resolve("cmdline")), StandardCharsets.UTF_8)
                            .replace('\0', ' ')
                            .strip(),
                    Files.readSymbolicLink(proc.resolve("cwd")).toString(),
                    read(proc.resolve("cgroup")),
                    read(proc.resolve("status"))));
        } catch (IOException e) {
            return Optional.empty(); // it has ended
        }
    }

    private static String read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return String.join("\n", lines.toList());
        } catch (java.io.UncheckedIOException e) {
            throw new IOException(e);
        }
    }
}
