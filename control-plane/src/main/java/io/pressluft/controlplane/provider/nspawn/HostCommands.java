package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs the host's own tools: argument lists without a shell, a deadline for each, output captured. */
final class HostCommands {

    record Output(int exit, String out, String err) {
        boolean ok() {
            return exit == 0;
        }
    }

    private static final Duration SHORT = Duration.ofSeconds(30);

    private final List<String> prefix;

    HostCommands() {
        this(List.of());
    }

    /** Every command runs behind the prefix, such as {@code ip netns exec NAME}. */
    HostCommands(List<String> prefix) {
        this.prefix = List.copyOf(prefix);
    }

    /** The answer of a quick command, whatever its exit code. */
    Output run(String... command) {
        return run(SHORT, line -> {}, List.of(command));
    }

    /** The standard output of a quick command that must succeed. */
    String check(String... command) {
        return check(SHORT, line -> {}, List.of(command));
    }

    String check(Duration timeout, Consumer<String> log, List<String> command) {
        Output output = run(timeout, log, command);
        if (!output.ok()) {
            throw new ProviderException(
                    "host_command_failed",
                    "%s ended with %d: %s".formatted(String.join(" ", command), output.exit(), lastLine(output)),
                    "Look at the log of this step, correct what the tool complains about, and try again.");
        }
        return output.out();
    }

    Output run(Duration timeout, Consumer<String> log, List<String> command) {
        List<String> argv = java.util.stream.Stream.concat(prefix.stream(), command.stream())
                .toList();
        Process process = start(argv);
        FutureTask<String> out = reading(process.getInputStream(), log);
        FutureTask<String> err = reading(process.getErrorStream(), log);
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProviderException(
                        "host_command_timeout",
                        "%s did not end within %d seconds.".formatted(String.join(" ", command), timeout.toSeconds()),
                        "Look at the log of this step; a slow disk or network may be the reason. Then try again.");
            }
            return new Output(process.exitValue(), out.get(), err.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(command, e);
        } catch (ExecutionException e) {
            throw new ProviderException(
                    "host_command_failed", "Reading from " + command.getFirst() + " failed.", "Try again.", e);
        } finally {
            // Also the tools that the tool started: an abandoned package download holds locks.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> argv) {
        try {
            ProcessBuilder builder = new ProcessBuilder(argv).directory(new java.io.File("/"));
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw ProviderException.capabilityMissing(
                    "The command %s cannot be started.".formatted(argv.getFirst()),
                    "Run scripts/check-readiness.sh and install what it names.");
        }
    }

    private static FutureTask<String> reading(InputStream stream, Consumer<String> log) {
        Callable<String> read = () -> {
            StringBuilder text = new StringBuilder();
            try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    text.append(line).append('\n');
                    log.accept(line);
                }
            }
            return text.toString();
        };
        FutureTask<String> task = new FutureTask<>(read);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static String lastLine(Output output) {
        String text = output.err().isBlank() ? output.out() : output.err();
        return text.strip().lines().reduce((first, second) -> second).orElse("no output");
    }

    private static ProviderException interrupted(List<String> command, InterruptedException e) {
        return new ProviderException(
                "interrupted", command.getFirst() + " was interrupted.", "Repeat the request; it continues.", e);
    }
}
