package io.pressluft.controlplane.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/** One Redis server on loopback, append-only file on, password required. */
final class EmbeddedBroker implements EmbeddedServer {

    private static final Duration START = Duration.ofSeconds(20);
    private static final long LOOK_MS = 20;
    private static final int CONNECT_MS = 200;

    private final Process server;
    private final Path directory;
    private final int port;
    private final String password;

    private EmbeddedBroker(Process server, Path directory, int port, String password) {
        this.server = server;
        this.directory = directory;
        this.port = port;
        this.password = password;
    }

    static EmbeddedBroker start(Path directory, String password) throws IOException {
        return start(directory, password, freePort());
    }

    private static EmbeddedBroker start(Path directory, String password, int port) throws IOException {
        LeftBehind.end(directory);
        Files.createDirectories(directory);
        var program = directory.resolve("redis-server");
        if (!Files.exists(program)) {
            var unpacked = Files.createTempDirectory(directory, "unpack-");
            Files.move(
                    ExecutableProvider.newJarResourceProvider(unpacked.toFile())
                            .get()
                            .toPath(),
                    program);
        }
        var settings = directory.resolve("redis.conf");
        write(settings, configuration(directory, port, password));
        var process = new ProcessBuilder(program.toString(), settings.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("redis.log").toFile()))
                .start();
        awaitPort(process, port);
        return new EmbeddedBroker(process, directory, port, password);
    }

    /** In a file, because a command line is visible to every user of the machine. */
    private static String configuration(Path directory, int port, String password) {
        return """
                port %d
                bind 127.0.0.1
                dir %s
                daemonize no
                appendonly yes
                appendfsync everysec
                save ""
                maxmemory-policy noeviction
                requirepass %s
                """.formatted(port, directory, password);
    }

    private static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private static void awaitPort(Process process, int port) throws IOException {
        long until = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < until) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
                return;
            } catch (IOException notYet) {
                if (ended(process)) {
                    throw new IOException("the embedded Redis ended; its redis.log says why", notYet);
                }
            }
        }
        process.destroy();
        throw new IOException("the embedded Redis did not answer within " + START);
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public boolean alive() {
        return server.isAlive();
    }

    @Override
    public EmbeddedBroker again() throws IOException {
        return start(directory, password, port);
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("spring.data.redis.url", "redis://:%s@127.0.0.1:%d".formatted(password, port));
    }

    @Override
    public void stop() {
        server.destroy();
        try {
            if (!server.waitFor(10, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
