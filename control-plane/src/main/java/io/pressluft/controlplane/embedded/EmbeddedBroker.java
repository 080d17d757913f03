package io.pressluft.controlplane.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import redis.embedded.RedisServer;

/** One Redis server on loopback, append-only file on, password required. */
final class EmbeddedBroker implements AutoCloseable {

    private final RedisServer server;
    private final int port;
    private final String password;

    private EmbeddedBroker(RedisServer server, int port, String password) {
        this.server = server;
        this.port = port;
        this.password = password;
    }

    static EmbeddedBroker start(Path directory, String password) throws IOException {
        LeftBehind.end(directory);
        Files.createDirectories(directory);
        int port = freePort();
        var server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("dir " + directory)
                .setting("pidfile " + directory.resolve("redis.pid"))
                .setting("appendonly yes")
                .setting("appendfsync everysec")
                .setting("save \"\"")
                .setting("maxmemory-policy noeviction")
                .setting("requirepass " + password)
                .build();
        server.start();
        return new EmbeddedBroker(server, port, password);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Map<String, Object> properties() {
        return Map.of("spring.data.redis.url", "redis://:%s@127.0.0.1:%d".formatted(password, port));
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }
}
