package io.pressluft.controlplane.artifact;

import io.pressluft.controlplane.settings.Instance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * The local source of artifacts: a pinned npm package that carries an official WordPress and WP-CLI. Its integrity is
 * checked against the pin before anything of it is used, and what is taken from it is kept in the cache.
 */
@Component
public class ArtifactCache {

    public static final String WORDPRESS_VERSION = "7.1.1";

    private static final String PACKAGE = "wp-studio@1.22.0";
    private static final String PACKAGE_FILE = "wp-studio-1.22.0.tgz";

    /** As the registry publishes it for this version (subresource integrity, SHA-512). */
    private static final String PACKAGE_SHA512 =
            "boMtahkhgWDKKyNTBA1uTK5ghnAmxXhDY6KeQCO9FmcI3/o+YOSq8JwYW5ZYnxHCxH14Jf/mD6CJTBvTWl2Ytw==";

    private static final String INSIDE = "package/dist/cli/wp-files/";

    private final Path directory;

    ArtifactCache(Instance instance) {
        this.directory = instance.cacheDirectory().resolve("artifacts");
    }

    /** The artifacts, fetched once. Takes a few seconds the first time. @throws ArtifactException */
    public synchronized Artifacts require() throws InterruptedException {
        var ready = directory.resolve("wordpress-" + WORDPRESS_VERSION);
        try {
            if (!Files.exists(ready)) {
                Files.createDirectories(directory);
                fetch(ready);
            }
            var archive = ready.resolve("wordpress.tar.gz");
            var phar = ready.resolve("wp-cli.phar");
            return new Artifacts(
                    WORDPRESS_VERSION,
                    archive,
                    HexFormat.of().formatHex(digest("SHA-256", archive)),
                    phar,
                    HexFormat.of().formatHex(digest("SHA-256", phar)));
        } catch (IOException e) {
            throw ArtifactException.unavailable("The artifacts could not be prepared: " + e.getMessage() + ".", e);
        }
    }

    private void fetch(Path ready) throws IOException, InterruptedException {
        var work = Files.createTempDirectory(directory, "fetch-");
        try {
            var packed = directory.resolve(PACKAGE_FILE);
            if (!Files.exists(packed)) {
                run(work, List.of("npm", "pack", "--silent", PACKAGE));
                Files.move(work.resolve(PACKAGE_FILE), packed, StandardCopyOption.ATOMIC_MOVE);
            }
            if (!Base64.getEncoder().encodeToString(digest("SHA-512", packed)).equals(PACKAGE_SHA512)) {
                throw ArtifactException.corrupt(packed, "is not the pinned package.");
            }
            run(work, List.of("tar", "-xzf", packed.toString(), INSIDE + "latest/wordpress", INSIDE + "wp-cli"));
            var files = work.resolve(INSIDE);
            var whole = Files.createDirectory(work.resolve("whole"));
            run(
                    files.resolve("latest"),
                    List.of(
                            "tar",
                            "--sort=name",
                            "--owner=0",
                            "--group=0",
                            "--numeric-owner",
                            "--mtime=@0",
                            "-czf",
                            whole.resolve("wordpress.tar.gz").toString(),
                            "wordpress"));
            Files.move(files.resolve("wp-cli/wp-cli.phar"), whole.resolve("wp-cli.phar"));
            Files.move(whole, ready, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(work);
        }
    }

    private static void run(Path in, List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw ArtifactException.unavailable(
                    "%s ended with %d.".formatted(command.getFirst(), process.exitValue()), null);
        }
    }

    private static byte[] digest(String algorithm, Path file) throws IOException {
        try {
            var digest = MessageDigest.getInstance(algorithm);
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var everything = Files.walk(directory)) {
            for (var path : everything.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
