package io.pressluft.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whatever on this host is named after one instance. Other instances may come and go meanwhile. */
record HostTraces(String instanceId, Path data) {

    List<String> interfaces() {
        return named(Commands.run(List.of("ip", "-o", "link")).require().lines());
    }

    List<String> firewall() {
        return named(Commands.run(List.of("nft", "list", "tables")).require().lines());
    }

    List<String> controlGroups() {
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            var groups = new ArrayList<String>();
            for (var hierarchy : hierarchies.filter(Files::isDirectory).toList()) {
                groups.add(hierarchy.toString());
                try (Stream<Path> children = Files.list(hierarchy)) {
                    children.filter(Files::isDirectory).map(Path::toString).forEach(groups::add);
                }
            }
            return named(groups);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    List<String> mounts() {
        try {
            return named(Files.readAllLines(Path.of("/proc/self/mounts")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Processes of its machines. */
    List<String> machineProcesses() {
        return Stream.concat(
                        Processes.of("pressluft_" + instanceId).stream(),
                        Processes.of(data.resolve("machines").toString()).stream())
                .map(Processes.Running::toString)
                .distinct()
                .toList();
    }

    /** All processes that have to do with its data directory or its machines. */
    List<String> processes() {
        return Stream.concat(Processes.of("pressluft_" + instanceId).stream(), Processes.of(data.toString()).stream())
                .map(Processes.Running::toString)
                .distinct()
                .toList();
    }

    List<String> machines() {
        return children(data.resolve("machines"));
    }

    List<String> registrations() {
        return named(children(Path.of("/run/pressluft")));
    }

    /** Everything of local nodes, in one list: empty when there are none. */
    List<String> ofNodes() {
        return Stream.of(interfaces(), firewall(), controlGroups(), mounts(), machineProcesses(), machines())
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(Path::toString).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> named(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains(instanceId) || line.contains(data.toString()))
                .toList();
    }
}
