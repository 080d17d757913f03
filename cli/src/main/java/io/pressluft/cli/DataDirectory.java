package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The directory of the instance on this machine: who runs there, the token for it, and the lock of its keeper. */
record DataDirectory(Path path) {
    static DataDirectory at(@Nullable Path given, @Nullable String environment, Path home) {
        Path path = given != null
                ? given
                : environment != null && !environment.isBlank() ? Path.of(environment) : home.resolve(".pressluft");
        return new DataDirectory(path.toAbsolutePath().normalize());
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    void create() {
        try {
            if (!Files.exists(path))
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw CliException.failed(
                    "data_directory_unusable",
                    "%s cannot be created: %s".formatted(path, e),
                    "Run as root (sudo), or name another directory with --data or PRESSLUFT_DATA.");
        }
    }

    Path log() {
        return path.resolve("control-plane.log");
    }

    @Nullable
    Instance instance() {
        String text = read("instance.json");
        JsonObject json = text == null ? null : Json.object(text);
        return json == null ? null : Instance.of(json);
    }

    @Nullable
    String operatorToken() {
        String token = read("operator.token");
        return token == null || token.isBlank() ? null : token.strip();
    }

    private @Nullable String read(String file) {
        try {
            return Files.readString(path.resolve(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (AccessDeniedException e) {
            throw CliException.failed(
                    "data_unreadable",
                    "%s may not be read by this user".formatted(path.resolve(file)),
                    "Run the command as the user that started the instance (sudo), or set PRESSLUFT_URL and"
                            + " PRESSLUFT_TOKEN.");
        } catch (IOException e) {
            return null;
        }
    }

    /** The pid of whoever holds the lock, as it wrote it; 0 when unknown. */
    long keeper() {
        try {
            String text = read("up.lock");
            return text == null ? 0 : Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Held for as long as this process keeps the instance; null when another process does. */
    @Nullable
    Lock lock() {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    path.resolve("up.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return null;
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new Lock(channel);
        } catch (IOException e) {
            if (channel != null) closeQuietly(channel);
            throw CliException.failed(
                    "data_directory_unusable",
                    "%s cannot be used: %s".formatted(path, e),
                    "Run as root (sudo), or name another directory with --data or PRESSLUFT_DATA.");
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // the failure that led here is the one to report
        }
    }

    record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            closeQuietly(channel);
        }
    }
}
