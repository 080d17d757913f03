package io.pressluft.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Server-sent events as they come in, read by a thread of its own so that waiting for the next one has an end. */
final class EventStream implements AutoCloseable {
    private static final int LONGEST_EVENT = 1_000_000;

    /** One event; the id is the last one seen on this stream. */
    record Event(String name, @Nullable String id, String data) {}

    /** The event that says that the stream is over. */
    static final Event CLOSED = new Event("\0closed", null, "");

    private final InputStream source;
    private final BlockingQueue<Event> arrived = new LinkedBlockingQueue<>();

    EventStream(InputStream source) {
        this.source = source;
        Thread.ofVirtual().name("events").start(this::read);
    }

    /** The next event, {@link #CLOSED} at the end, or null when nothing came in time. */
    @Nullable
    Event next(Duration patience) {
        try {
            return arrived.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CLOSED;
        }
    }

    @Override
    public void close() {
        try {
            source.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (var reader = new BufferedReader(new InputStreamReader(source, StandardCharsets.UTF_8))) {
            String name = "message";
            String id = null;
            var data = new StringBuilder();
            String line;
            while ((line = reader.readLine()) != null && data.length() < LONGEST_EVENT) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) arrived.add(new Event(name, id, data.toString()));
                    name = "message";
                    data.setLength(0);
                    continue;
                }
                int colon = line.indexOf(':');
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1);
                if (value.startsWith(" ")) value = value.substring(1);
                switch (field) {
                    case "event" -> name = value;
                    case "id" -> id = value;
                    case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
                    default -> {} // a comment, or a field of a later version
                }
            }
        } catch (IOException e) {
            // a connection that broke ends the stream like one that was closed; the job itself is asked next
        } finally {
            arrived.add(CLOSED);
        }
    }
}
