package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a running control plane says about itself in {@code instance.json}. */
record Instance(String name, String url, long pid, @Nullable Instant startedAt) {
    /** The file is written after the process has started, so a process younger than that is another one. */
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

    static @Nullable Instance of(JsonObject json) {
        String url = Json.text(json, "url");
        if (url == null) return null;
        return new Instance(Json.text(json, "instance", ""), url, Json.number(json, "pid", -1), startedAt(json));
    }

    private static @Nullable Instant startedAt(JsonObject json) {
        String text = Json.text(json, "startedAt");
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The process behind the file, only if it is still that very one: right program, right data, old enough. */
    Optional<ProcessHandle> process(DataDirectory data) {
        if (pid <= 1) return Optional.empty();
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(process -> {
            String command = Processes.commandLine(process.pid());
            boolean ours = command.contains("pressluft-control-plane")
                    && Processes.arguments(process.pid()).contains("--pressluft.data=" + data.path());
            Instant born = process.info().startInstant().orElse(null);
            boolean old = startedAt == null || born == null || !born.isAfter(startedAt.plus(CLOCK_SLACK));
            return ours && old;
        });
    }
}
