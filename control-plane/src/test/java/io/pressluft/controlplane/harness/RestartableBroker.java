package io.pressluft.controlplane.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;
import redis.embedded.RedisServer;

/** A Redis that stops, or is killed, and comes back on the same port: empty, or as it was when it was saved. */
public final class RestartableBroker implements AutoCloseable {

    private static final Pattern PROCESS = Pattern.compile("process_id:([0-9]+)");

    private final int port = FreePorts.one();
    private final Path directory;
    private RedisServer server;
    private boolean running;

    public RestartableBroker() {
        try {
            directory = Files.createTempDirectory("pressluft-broker-");
            server = server();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RedisServer server() throws IOException {
        return RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .setting("dir " + directory)
                .build();
    }

    public void start() {
        if (running) {
            return;
        }
        try {
            server = server();
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

    /** Writes what it holds to the file that it reads at its next start, whatever happens until then. */
    public void save() {
        ask("SAVE", "+OK");
    }

    /** As by kill -9. */
    public void kill() {
        var found = PROCESS.matcher(ask("INFO server", "process_id"));
        boolean killed = found.find()
                && ProcessHandle.of(Long.parseLong(found.group(1)))
                        .map(process ->
                                process.destroyForcibly() && process.onExit().join() != null)
                        .orElse(false);
        if (!killed) {
            throw new IllegalStateException("Redis could not be killed");
        }
        stop();
    }

    /** Answers with everything up to the line that has {@code last} in it. */
    private String ask(String command, String last) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            var answer = new StringBuilder();
            var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                answer.append(line).append('\n');
                if (line.contains(last)) {
                    break;
                }
            }
            return answer.toString();
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
        try (var all = Files.walk(directory)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
