package io.pressluft.controlplane.provisioning;

import io.pressluft.controlplane.job.JobStep;
import io.pressluft.controlplane.job.WorkLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Follows the events that the callback plugin appends, one JSON object a line. */
final class EventReader {

    private final Path file;
    private final JsonMapper json;
    private final WorkLog log;
    private final String playbook;
    private final Clock clock;
    private final Map<Integer, JobStep> running = new HashMap<>();
    private long position;
    private @Nullable JobStep failed;

    EventReader(Path file, JsonMapper json, WorkLog log, String playbook, Clock clock) {
        this.file = file;
        this.json = json;
        this.log = log;
        this.playbook = playbook;
        this.clock = clock;
    }

    /** Handles every complete line that has come since the last call. */
    void readNew() throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(position);
            var bytes = new byte[(int) Math.min(in.length() - position, 1 << 20)];
            in.readFully(bytes);
            int end = lastLineEnd(bytes);
            for (var line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n")) {
                if (!line.isEmpty()) {
                    event(json.readTree(line));
                }
            }
            position += end;
        }
    }

    private static int lastLineEnd(byte[] bytes) {
        for (int i = bytes.length; i > 0; i--) {
            if (bytes[i - 1] == '\n') {
                return i;
            }
        }
        return 0;
    }

    private void event(JsonNode event) {
        switch (event.path("event").asString("")) {
            case "step_started" -> started(event);
            case "step_finished" -> finished(event);
            case "log" -> log.log(event.path("text").asString(""));
            default -> {
                // Starts, ends and outputs of a run say nothing that the exit code does not.
            }
        }
    }

    private void started(JsonNode event) {
        if (!event.path("shown").asBoolean(true)) {
            return; // it has a condition and is shown once it has run
        }
        var step = new JobStep(
                0,
                log.nextOrdinal(),
                "work",
                event.path("name").asString(""),
                "running",
                Instant.ofEpochMilli(event.path("at").asLong()),
                null,
                null,
                null);
        running.put(event.path("ordinal").asInt(), step);
        log.step(step);
    }

    private void finished(JsonNode event) {
        var outcome = event.path("outcome").asString("ok");
        var started = running.remove(event.path("ordinal").asInt());
        if (outcome.equals("skipped") && started == null) {
            return;
        }
        var step = new JobStep(
                0,
                started == null ? log.nextOrdinal() : started.ordinal(),
                "work",
                event.path("name").asString(""),
                outcome,
                started == null ? clock.instant() : started.startedAt(),
                event.path("duration_ms").asLong(0),
                text(event, "code"),
                text(event, "message"));
        log.step(step);
        if (outcome.equals("failed") && failed == null) {
            failed = step;
        }
    }

    private static @Nullable String text(JsonNode event, String field) {
        var value = event.path(field).asString("");
        return value.isEmpty() ? null : value;
    }

    PlaybookException failure(int exit) {
        var step = failed;
        return step == null
                ? PlaybookException.ended(playbook, exit)
                : PlaybookException.failed(
                        playbook,
                        step.code() == null ? "playbook_failed" : step.code(),
                        step.name(),
                        step.message() == null ? "no reason was given." : step.message());
    }
}
