package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Control groups for machines on a host where no systemd hands them out. A machine gets two, one in the other: the outer
 * holds the limits, the inner is all the machine sees and may change.
 */
sealed interface ControlGroups permits LegacyControlGroups, UnifiedControlGroups {

    /** The mounted hierarchies; one on a unified host, one per controller on others. */
    List<Path> hierarchies();

    /** Makes the groups of a machine and sets its limits. Returns the files a process writes its number to. */
    List<Path> prepare(String group, MachineLimits limits);

    /** Whether a machine needs {@link Seed}'s unit to get at its controllers. */
    boolean mountedReadOnlyInMachines();

    static ControlGroups ofThisHost() {
        Path mount = Path.of("/sys/fs/cgroup");
        return Files.exists(mount.resolve("cgroup.controllers"))
                ? new UnifiedControlGroups(mount)
                : LegacyControlGroups.mounted();
    }

    /** All processes in the group and below. */
    default List<ProcessHandle> processes(String group) {
        List<ProcessHandle> processes = new ArrayList<>();
        for (Path hierarchy : hierarchies()) {
            try (Stream<Path> files = walk(hierarchy.resolve(group))) {
                files.filter(file -> file.endsWith("cgroup.procs"))
                        .forEach(file -> read(file)
                                .lines()
                                .map(Long::parseLong)
                                .flatMap(pid -> ProcessHandle.of(pid).stream())
                                .forEach(processes::add));
            }
        }
        return processes.stream().distinct().toList();
    }

    /** Removes the group and all below it; true when nothing is left. Groups with processes stay. */
    default boolean remove(String group) {
        boolean gone = true;
        for (Path hierarchy : hierarchies()) {
            Path path = hierarchy.resolve(group);
            if (Files.isDirectory(path)) {
                removeTree(path);
                gone &= !Files.exists(path);
            }
        }
        return gone;
    }

    /** Removes the group when there is no other below it. */
    default void removeIfEmpty(String group) {
        for (Path hierarchy : hierarchies()) {
            hierarchy.resolve(group).toFile().delete();
        }
    }

    static void write(Path file, String value) {
        try {
            Files.writeString(file, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            // The group went away while we looked.
            return "";
        }
    }

    private static Stream<Path> walk(Path group) {
        try {
            return Files.isDirectory(group) ? Files.walk(group) : Stream.empty();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** Only directories are removed; their files are the kernel's and go with them. */
    private static void removeTree(Path group) {
        try {
            Files.walkFileTree(group, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
                    directory.toFile().delete();
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
