package io.pressluft.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of this host, run to their end. */
final class Commands {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Commands() {}

    record Result(int exit, String out, String err) {

        Result require() {
            if (exit != 0) {
                throw new AssertionError("exit code %d%n%s%n%s".formatted(exit, out, err));
            }
            return this;
        }

        List<String> lines() {
            return out.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    static Result run(List<String> command) {
        return run(command, Map.of(), PATIENCE);
    }

    static Result run(List<String> command, Map<String, String> environment, Duration patience) {
        try {
            Path out = Files.createTempFile("pressluft-e2e-", ".out");
            Path err = Files.createTempFile("pressluft-e2e-", ".err");
            try {
                var builder = new ProcessBuilder(command)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                var process = builder.start();
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroy);
                    process.destroyForcibly();
                    throw new AssertionError("not done after %s: %s%n%s"
                            .formatted(patience, String.join(" ", command), Files.readString(out)));
                }
                return new Result(
                        process.exitValue(),
                        Files.readString(out, StandardCharsets.UTF_8),
                        Files.readString(err, StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static boolean exists(String program) {
        return List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
