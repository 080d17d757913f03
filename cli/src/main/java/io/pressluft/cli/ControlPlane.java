package io.pressluft.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The control plane as a child process in a session of its own, so that Ctrl-C reaches only its keeper. What it says
 * goes to the log; the line with the generated password goes to the keeper alone.
 */
final class ControlPlane {
    private static final String PASSWORD_LINE = "PRESSLUFT_ADMIN_PASSWORD ";
    private static final int TAIL = 25;
    private static final long LOG_LIMIT = 20_000_000;
    private static final Duration STOP = Duration.ofSeconds(40);

    private final Process process;
    private final OutputStream log;
    private final Consumer<String> password;
    private final Deque<String> tail = new ArrayDeque<>();
    private final List<Thread> pumps = new ArrayList<>();
    private @Nullable String lastError;

    private ControlPlane(Process process, OutputStream log, Consumer<String> password) {
        this.process = process;
        this.log = log;
        this.password = password;
        pumps.add(Thread.ofVirtual().start(() -> pump(process.getInputStream(), false)));
        pumps.add(Thread.ofVirtual().start(() -> pump(process.getErrorStream(), true)));
    }

    static ControlPlane start(Path home, DataDirectory data, List<String> options, Consumer<String> password) {
        try {
            if (Files.exists(data.log()) && Files.size(data.log()) > LOG_LIMIT)
                Files.move(data.log(), data.path().resolve("control-plane.log.1"), StandardCopyOption.REPLACE_EXISTING);
            OutputStream log = Files.newOutputStream(data.log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new ControlPlane(builder(home, data, options).start(), log, password);
        } catch (IOException e) {
            throw CliException.failed(
                    "control_plane_not_started", "The control plane could not be started: " + e, "See " + data.log());
        }
    }

    /** Runs the control plane in its purge mode, to its end; what it says goes to the consumer. */
    static int purge(Path home, DataDirectory data, Consumer<String> said) {
        try {
            Process process = builder(home, data, List.of("--pressluft.purge=true"))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                reader.lines().forEach(said);
            }
            return process.waitFor();
        } catch (IOException e) {
            throw CliException.failed(
                    "purge_not_started", "The control plane could not be started to clean up: " + e, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Exit.FAILED;
        }
    }

    private static ProcessBuilder builder(Path home, DataDirectory data, List<String> options) throws IOException {
        var command = new ArrayList<String>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) command.add("/usr/bin/setsid");
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.httpclient.allowRestrictedHeaders=host",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                jar(home).toString(),
                "--pressluft.data=" + data.path(),
                "--pressluft.home=" + home));
        command.addAll(options);
        var builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeAll(List.of("PRESSLUFT_URL", "PRESSLUFT_TOKEN"));
        return builder;
    }

    private static Path jar(Path home) throws IOException {
        Path target = home.resolve("control-plane/target");
        if (Files.isDirectory(target))
            try (Stream<Path> files = Files.list(target)) {
                var jar = files.filter(file -> file.getFileName()
                                .toString()
                                .matches("pressluft-control-plane-[0-9][0-9.]*(-SNAPSHOT)?\\.jar"))
                        .max(Path::compareTo);
                if (jar.isPresent()) return jar.get();
            }
        throw CliException.failed(
                "control_plane_not_built",
                "There is no control plane in %s".formatted(target),
                "Run ./pressluft build.");
    }

    Process process() {
        return process;
    }

    /** Asks it to stop and waits; false when it did not. */
    boolean stop() {
        process.destroy();
        return Processes.endsWithin(process.toHandle(), STOP);
    }

    void kill() {
        process.destroyForcibly();
    }

    /** The end of what it said, once it is over. */
    List<String> tail() {
        for (Thread pump : pumps) {
            try {
                pump.join(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (tail) {
            return List.copyOf(tail);
        }
    }

    /** The last thing on its standard error: by contract what to do. */
    @Nullable
    String lastError() {
        synchronized (tail) {
            return lastError;
        }
    }

    private void pump(InputStream source, boolean error) {
        try (var reader = new BufferedReader(new InputStreamReader(source, StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                if (line.startsWith(PASSWORD_LINE)) password.accept(line.substring(PASSWORD_LINE.length()));
                else keep(line, error);
            }
        } catch (IOException e) {
            // the process is gone; its exit code tells the rest
        }
    }

    private void keep(String line, boolean error) throws IOException {
        synchronized (tail) {
            tail.addLast(line);
            if (tail.size() > TAIL) tail.removeFirst();
            if (error && !line.isBlank()) lastError = line.strip();
            log.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            log.flush();
        }
    }
}
