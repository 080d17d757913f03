package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is on the host that bears the name of an instance, or lies in its directory. */
record HostSnapshot(
        List<String> interfaces,
        List<String> tables,
        List<String> controlGroups,
        List<String> mounts,
        List<String> processes,
        List<String> files) {

    static HostSnapshot of(NspawnSettings settings) {
        HostCommands commands = new HostCommands();
        String id = settings.instanceId();
        String data = settings.dataDirectory().toString();
        return new HostSnapshot(
                lines(commands.check("ip", "-o", "link"), settings.names().bridge(), "vb-pl-" + id),
                lines(commands.check("nft", "list", "ruleset"), id),
                groups(id),
                lines(read(Path.of("/proc/self/mounts")), id, data),
                processes(data),
                below(settings.dataDirectory()));
    }

    private static List<String> lines(String text, String... marks) {
        return text.lines()
                .filter(line -> Stream.of(marks).anyMatch(line::contains))
                .toList();
    }

    private static List<String> groups(String id) {
        try (Stream<Path> paths = Files.find(
                Path.of("/sys/fs/cgroup"),
                4,
                (path, attributes) -> attributes.isDirectory()
                        && path.getFileName().toString().contains(id))) {
            return paths.map(Path::toString).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(e.toString());
        }
    }

    private static List<String> processes(String data) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .map(process -> process.pid() + " " + read(Path.of("/proc/" + process.pid() + "/cmdline")))
                .filter(line -> line.contains(data))
                .toList();
    }

    private static List<String> below(Path directory) {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.map(Path::toString).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
