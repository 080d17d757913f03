package io.pressluft.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control plane of the build, as a child process on a data directory of its own. */
final class ControlPlane {

    private static final Duration START = Duration.ofSeconds(90);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path home;
    private final Path data;
    private final Path log;
    private Process process;

    /** @param log outlives the data directory: what a failed test is explained with */
    ControlPlane(Path home, Path data, Path log) {
        this.home = home;
        this.data = data;
        this.log = log;
    }

    Path data() {
        return data;
    }

    Path log() {
        return log;
    }

    Path home() {
        return home;
    }

    /** Returns when the control plane says that it is ready. */
    void start() {
        start(Map.of());
    }

    /** The same, with these variables in its environment. */
    void start(Map<String, String> environment) {
        process = launch(List.of("--pressluft.ephemeral=true"), environment);
        Await.until("the control plane starts; see " + log, START, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the control plane ended with %d: %s".formatted(process.exitValue(), tail()));
            }
            return announced();
        });
    }

    /** @return its exit code */
    int stop(Duration patience) {
        process.destroy();
        if (!ended(process, patience)) {
            throw new AssertionError("the control plane still runs %s after SIGTERM: %s".formatted(patience, tail()));
        }
        return process.exitValue();
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly();
        ended(process, Duration.ofSeconds(10));
    }

    boolean running() {
        return process != null && process.isAlive();
    }

    /** Removes everything of the instance from this host. */
    void purge() {
        var purging = launch(List.of("--pressluft.purge=true"), Map.of());
        if (!ended(purging, Duration.ofMinutes(2)) || purging.exitValue() != 0) {
            purging.destroyForcibly();
            throw new AssertionError("the purge did not end well: " + tail());
        }
    }

    JsonNode about() {
        try {
            return JSON.readTree(Files.readString(data.resolve("instance.json")));
        } catch (IOException e) {
            throw new AssertionError("there is no instance.json", e);
        }
    }

    String token() {
        try {
            return Files.readString(data.resolve("operator.token")).strip();
        } catch (IOException e) {
            throw new AssertionError("there is no operator.token", e);
        }
    }

    /** As the first start said it, this once, on its standard output. */
    String adminPassword() {
        var said = Pattern.compile("PRESSLUFT_ADMIN_PASSWORD user=admin password=(\\S+)");
        try (var lines = Files.lines(log)) {
            return lines.map(said::matcher)
                    .filter(Matcher::find)
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no password was said: " + tail()));
        } catch (IOException e) {
            throw new AssertionError("the log cannot be read", e);
        }
    }

    String tail() {
        try {
            var lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }

    private static boolean ended(Process process, Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private boolean announced() {
        return Files.exists(data.resolve("instance.json"))
                && about().path("pid").asLong() == process.pid();
    }

    private Process launch(List<String> options, Map<String, String> environment) {
        var jar = home.resolve("control-plane/target/pressluft-control-plane-%s.jar"
                .formatted(System.getProperty("pressluft.version")));
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Djdk.httpclient.allowRestrictedHeaders=host",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                jar.toString(),
                "--pressluft.data=" + data,
                "--pressluft.home=" + home));
        command.addAll(options);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment()
                .putIfAbsent("PRESSLUFT_CACHE", home.resolve(".pressluft/cache").toString());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AssertionError("the control plane cannot be started; was it built? " + jar, e);
        }
    }
}
