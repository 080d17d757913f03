package io.pressluft.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The instance's own Redis, to look into and to disturb. */
record Broker(Path data) {

    /** The names of all keys. */
    List<String> keys() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port());
                var answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            var password = Files.readString(data.resolve("embedded.password")).strip();
            socket.getOutputStream()
                    .write("AUTH %s\r\nKEYS *\r\n".formatted(password).getBytes(StandardCharsets.UTF_8));
            if (!answers.readLine().equals("+OK")) {
                throw new AssertionError("the instance's Redis refuses its password");
            }
            int count = Integer.parseInt(answers.readLine().substring(1));
            var keys = new ArrayList<String>();
            for (int i = 0; i < count; i++) {
                answers.readLine(); // its length
                keys.add(answers.readLine());
            }
            return keys;
        } catch (IOException e) {
            throw new AssertionError("the instance's Redis cannot be asked", e);
        }
    }

    /** Sends one command; it must be taken. */
    void command(String... words) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port());
                var answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            var password = Files.readString(data.resolve("embedded.password")).strip();
            socket.getOutputStream().write(encoded("AUTH", password));
            socket.getOutputStream().write(encoded(words));
            for (int i = 0; i < 2; i++) {
                var answer = answers.readLine();
                if (answer == null || answer.startsWith("-")) {
                    throw new AssertionError("the instance's Redis refuses %s: %s".formatted(words[0], answer));
                }
            }
        } catch (IOException e) {
            throw new AssertionError("the instance's Redis cannot be told", e);
        }
    }

    private static byte[] encoded(String... words) {
        var text = new StringBuilder("*" + words.length + "\r\n");
        for (var word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** As kill -9 does; the server that comes back is another process. */
    void kill() {
        signal("KILL");
    }

    void signal(String name) {
        var servers = Processes.all().stream()
                .filter(process ->
                        process.directory().equals(data.resolve("redis").toString()))
                .toList();
        if (servers.isEmpty()) {
            throw new AssertionError("the instance's Redis does not run");
        }
        servers.forEach(server -> Commands.run(List.of("kill", "-" + name, Long.toString(server.pid())))
                .require());
    }

    /** As Spring reads it. */
    Map<String, String> environment() {
        try {
            var password = Files.readString(data.resolve("embedded.password")).strip();
            return Map.of("SPRING_DATA_REDIS_URL", "redis://:%s@127.0.0.1:%d".formatted(password, port()));
        } catch (IOException e) {
            throw new AssertionError("the instance's Redis does not run", e);
        }
    }

    private int port() throws IOException {
        try (var lines = Files.lines(data.resolve("redis").resolve("redis.conf"))) {
            return lines.filter(line -> line.startsWith("port "))
                    .mapToInt(line -> Integer.parseInt(line.substring("port ".length())))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
