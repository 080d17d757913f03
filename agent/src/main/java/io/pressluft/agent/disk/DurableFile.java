package io.pressluft.agent.disk;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Replaces a file so that a reader, or the machine after a crash, sees the old content or the new, never a part. */
public final class DurableFile {

    private DurableFile() {}

    /** Returns when the content is on the disk. The file belongs to its owner alone (0600). */
    public static void write(Path target, String content) throws IOException {
        var fresh = fill(target, content, true);
        Files.move(fresh, target, ATOMIC_MOVE);
        sync(parent(target));
    }

    /** The same for a content that means nothing after a reboot: whole, but not waited for. */
    public static void writeUnsynced(Path target, String content) throws IOException {
        Files.move(fill(target, content, false), target, ATOMIC_MOVE);
    }

    /** Puts {@code source} in the place of {@code target}, durably. */
    public static void move(Path source, Path target) throws IOException {
        Files.move(source, target, ATOMIC_MOVE);
        sync(parent(target));
    }

    /** Makes a directory that only its owner may enter, durably. */
    public static void directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            sync(parent(directory));
        }
    }

    private static Path fill(Path target, String content, boolean synced) throws IOException {
        var fresh = target.resolveSibling("." + target.getFileName() + ".new");
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var file = FileChannel.open(fresh, Set.of(CREATE, WRITE, TRUNCATE_EXISTING), mine)) {
            var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            if (synced) {
                file.force(true);
            }
        }
        return fresh;
    }

    private static void sync(Path directory) throws IOException {
        try (var opened = FileChannel.open(directory, READ)) {
            opened.force(true);
        }
    }

    private static Path parent(Path path) {
        var parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent directory");
        }
        return parent;
    }
}
