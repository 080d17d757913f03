package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Downloaded packages that pass from one machine to the next, so that only the first one downloads. Machines do not
 * share a directory, since apt locks its archive directory for as long as it installs and a second machine's apt would
 * fail: packages are collected from and laid into each machine's own, as hard links where the file system allows.
 */
final class PackageCache {

    private static final String ARCHIVES = "var/cache/apt/archives";

    private final Path packages;

    /** One cache per image name: the same package file name means different bytes in different distributions. */
    PackageCache(Path cacheDirectory, HostDistribution distribution) {
        this.packages = cacheDirectory.resolve("apt").resolve(distribution.id() + "-" + distribution.suite());
    }

    /** Takes what this machine has downloaded. */
    void collect(Path root) {
        transfer(root, root.resolve(ARCHIVES), packages);
    }

    /** Gives a new machine what others have downloaded. */
    void lay(Path root) {
        transfer(root, packages, root.resolve(ARCHIVES));
    }

    private static void transfer(Path root, Path from, Path to) {
        // A machine's root belongs to the machine: it must not lead us elsewhere by a symbolic link.
        if (RootFiles.hasLink(root, ARCHIVES) || !Files.isDirectory(from)) {
            return;
        }
        try {
            Files.createDirectories(to);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "*.deb")) {
                for (Path file : files) {
                    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                        link(file, to.resolve(file.getFileName().toString()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void link(Path file, Path to) throws IOException {
        try {
            if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                Files.createLink(to, file);
            }
        } catch (FileAlreadyExistsException e) {
            // Another machine's packages came first; they are the same.
        } catch (FileSystemException e) {
            copy(file, to);
        }
    }

    private static void copy(Path file, Path to) throws IOException {
        Path partial = to.resolveSibling(to.getFileName() + ".partial");
        Files.copy(file, partial, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.move(partial, to, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
}
