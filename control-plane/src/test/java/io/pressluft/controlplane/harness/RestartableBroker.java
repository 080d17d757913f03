package io.pressluft.controlplane.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import redis.embedded.RedisServer;

/** A Redis that stops and comes back on the same port, empty. */
public final class RestartableBroker implements AutoCloseable {

    private final int port = FreePorts.one();
    private RedisServer server = server(port);
    private boolean running;

    private static RedisServer server(int port) {
        try {
            return RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void start() {
        if (running) {
            return;
        }
        try {
            server = server(port);
            server.start();
            running = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        if (!running) {
            return;
        }
        try {
            server.stop();
            running = false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Map<String, Object> properties() {
        return Map.of("spring.data.redis.url", "redis://127.0.0.1:" + port);
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
