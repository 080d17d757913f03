package io.pressluft.agent.run;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the agent itself adds to the events of a run whose processes have ended. */
public final class EventsFile {

    private final Path file;

    public EventsFile(Path file) {
        this.file = file;
    }

    public void stepStarted(int ordinal, String name, long at) throws IOException {
        var event = event("step_started");
        event.put("ordinal", ordinal);
        event.put("name", name);
        event.put("at", at);
        append(event);
    }

    public void stepFinished(int ordinal, String name, long durationMs, Failure failure) throws IOException {
        var event = event("step_finished");
        event.put("ordinal", ordinal);
        event.put("name", name);
        event.put("outcome", failure.happened() ? "failed" : "ok");
        event.put("duration_ms", durationMs);
        event.put("code", failure.code());
        event.put("message", failure.message());
        append(event);
    }

    public void log(String text) throws IOException {
        var event = event("log");
        event.put("text", text);
        append(event);
    }

    private static Map<String, Object> event(String name) {
        var event = new LinkedHashMap<String, Object>();
        event.put("event", name);
        return event;
    }

    private void append(Map<String, Object> event) throws IOException {
        try (var channel = FileChannel.open(file, CREATE, READ, WRITE)) {
            long end = channel.size();
            var line = (torn(channel, end) ? "\n" : "") + JsonWriter.string(event) + "\n";
            var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            for (long at = end; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
            channel.force(false);
        }
    }

    /** The writer before us died within a line. */
    private static boolean torn(FileChannel channel, long end) throws IOException {
        if (end == 0) {
            return false;
        }
        var last = ByteBuffer.allocate(1);
        channel.read(last, end - 1);
        return last.get(0) != '\n';
    }
}
