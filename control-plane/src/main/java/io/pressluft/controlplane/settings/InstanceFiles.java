package io.pressluft.controlplane.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What an instance writes down about itself in its data directory, before any database is there. */
public final class InstanceFiles {

    private static final int HTTP_FROM = 7600;
    private static final int GATEWAY_FROM = 7601;
    private static final int PREVIEW_FROM = 7680;
    private static final int TRIES = 500;

    /** Channels whose locks this process keeps: one that nothing refers to is closed by the garbage collector. */
    private static final Set<FileChannel> HELD = ConcurrentHashMap.newKeySet();

    private InstanceFiles() {}

    /**
     * Opens the instance of {@code dataDirectory}, making it if there is none, and holds it until the process ends.
     *
     * @throws StartException when another process holds it, or a remembered port is taken
     */
    public static Instance open(Path dataDirectory, Path home, boolean ephemeral) {
        try {
            var data = dataDirectory.toAbsolutePath().normalize();
            Files.createDirectories(
                    data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            hold(data);
            if (ephemeral) {
                Files.writeString(data.resolve("ephemeral"), "This instance is not meant to last.\n");
            }
            var remembered = load(data);
            var id = remembered.getProperty("instance");
            if (id == null) {
                var fresh = new byte[4];
                new SecureRandom().nextBytes(fresh);
                id = HexFormat.of().formatHex(fresh);
            }
            Set<Integer> chosen = new TreeSet<>();
            int http = port(remembered, "http", HTTP_FROM, chosen);
            int gateway = port(remembered, "gateway", GATEWAY_FROM, chosen);
            int preview = port(remembered, "preview", PREVIEW_FROM, chosen);
            store(data, id, http, gateway, preview);
            return new Instance(id, data, home.toAbsolutePath().normalize(), http, gateway, preview, ephemeral);
        } catch (IOException e) {
            throw new UncheckedIOException("the data directory " + dataDirectory + " cannot be used", e);
        }
    }

    /** The instance as it is written down, without choosing anything; null when there is none. */
    public static @Nullable Instance existing(Path dataDirectory, Path home) {
        var data = dataDirectory.toAbsolutePath().normalize();
        try {
            var remembered = load(data);
            var id = remembered.getProperty("instance");
            return id == null
                    ? null
                    : new Instance(
                            id,
                            data,
                            home.toAbsolutePath().normalize(),
                            Integer.parseInt(remembered.getProperty("http", "0")),
                            Integer.parseInt(remembered.getProperty("gateway", "0")),
                            Integer.parseInt(remembered.getProperty("preview", "0")),
                            false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Claims the data directory for this process. The lock ends with the process, however it ends. */
    @SuppressWarnings("resource") // held until the process ends
    public static void hold(Path data) throws IOException {
        var channel = FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            throw new StartException(
                    "already_running", "Another control plane uses " + data + ". Stop it with ./pressluft down.");
        }
        HELD.add(channel);
    }

    private static int port(Properties remembered, String name, int from, Set<Integer> chosen) throws IOException {
        var kept = remembered.getProperty(name);
        if (kept != null) {
            int port = Integer.parseInt(kept);
            if (!reserved(port) || !free(port)) {
                throw new StartException(
                        "port_taken",
                        "Port %d (%s) belongs to this instance but another program listens on it. Stop that program; "
                                        .formatted(port, name)
                                + "the addresses of existing sites contain the port.");
            }
            chosen.add(port);
            return port;
        }
        for (int port = from; port < from + TRIES; port++) {
            if (!chosen.contains(port) && reserved(port) && free(port)) {
                chosen.add(port);
                return port;
            }
        }
        throw new StartException("no_free_port", "No port is free from %d on.".formatted(from));
    }

    /**
     * Between the choice of a port and the moment its server listens lie seconds, in which another instance may choose. So
     * each takes a lock that ends with its process.
     */
    @SuppressWarnings("resource") // held until the process ends
    private static boolean reserved(int port) throws IOException {
        var directory = Files.isWritable(Path.of("/run"))
                ? Path.of("/run/pressluft/ports")
                : Path.of(System.getProperty("java.io.tmpdir"), "pressluft-ports-" + System.getProperty("user.name"));
        Files.createDirectories(directory);
        var channel = FileChannel.open(
                directory.resolve(Integer.toString(port)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                HELD.add(channel);
                return true;
            }
        } catch (OverlappingFileLockException ofThisProcess) {
            // Taken too.
        }
        channel.close();
        return false;
    }

    private static boolean free(int port) throws IOException {
        try (var any = new ServerSocket(port);
                var loopback = any.isBound() ? null : new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return loopback == null;
        } catch (java.net.BindException taken) {
            return false;
        }
    }

    private static Properties load(Path data) throws IOException {
        var properties = new Properties();
        var file = data.resolve("ports.properties");
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                properties.load(in);
            }
        }
        return properties;
    }

    private static void store(Path data, String id, int http, int gateway, int preview) throws IOException {
        var text = "# Chosen once; the addresses of existing sites contain the preview port.\n"
                + "instance=%s%nhttp=%d%ngateway=%d%npreview=%d%n".formatted(id, http, gateway, preview);
        var fresh = data.resolve("ports.properties.new");
        Files.writeString(fresh, text);
        Files.move(fresh, data.resolve("ports.properties"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** The instance cannot start; the message says why and what to do. */
    public static final class StartException extends RuntimeException {
        private final String code;

        public StartException(String code, String message) {
            super(message);
            this.code = code;
        }

        public String code() {
            return code;
        }
    }
}
