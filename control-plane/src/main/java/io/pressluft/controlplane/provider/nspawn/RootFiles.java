package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes into a machine's root from outside. What runs in a machine may have put symbolic links there that point to the
 * host's own files; none is ever followed.
 */
final class RootFiles {

    private final Path root;

    RootFiles(Path root) {
        this.root = root;
    }

    /** Replaces the file, whatever was there. The mode is written as {@code rw-r--r--}. */
    void write(String path, String content, String mode) throws IOException {
        Path file = place(path);
        Path fresh = Files.createTempFile(file.getParent(), ".pressluft", "");
        Files.writeString(fresh, content);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    void link(String path, String target) throws IOException {
        Path link = place(path);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    void directory(String path, String mode) throws IOException {
        Path directory = place(path + "/.");
        Files.setPosixFilePermissions(directory.getParent(), PosixFilePermissions.fromString(mode));
    }

    /** Empty when there is no such regular file. */
    String read(String path) throws IOException {
        Path file = root.resolve(path);
        return hasLink(root, path) || !Files.isRegularFile(file) ? "" : Files.readString(file);
    }

    void delete(String path) throws IOException {
        if (!hasLink(root, path) || Files.isSymbolicLink(place(path))) {
            Files.deleteIfExists(root.resolve(path));
        }
    }

    /** Whether any part of the path below the root is a symbolic link. */
    static boolean hasLink(Path root, String path) {
        Path step = root;
        for (Path part : Path.of(path)) {
            step = step.resolve(part);
            if (Files.isSymbolicLink(step)) {
                return true;
            }
        }
        return false;
    }

    private Path place(String path) throws IOException {
        Path relative = Path.of(path);
        Path parent = root;
        for (Path part : relative.getParent()) {
            parent = parent.resolve(part);
            if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(parent);
            }
        }
        return parent.resolve(relative.getFileName().toString());
    }
}
