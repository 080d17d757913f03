package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Follows a job to its end. Events are hints that make it quick; what the job's own page says is the truth, asked at
 * the start, whenever the stream breaks or is quiet, and at the end.
 */
final class JobWatch {
    private static final Set<String> TERMINAL = Set.of("succeeded", "failed", "cancelled", "rejected");
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int QUIET_TICKS = 10;

    private final Api api;
    private final Progress progress;
    private final Duration patience;

    /** Patience: how long the server may be away before the command gives up. */
    JobWatch(Api api, Progress progress, Duration patience) {
        this.api = api;
        this.progress = progress;
        this.patience = patience;
    }

    static boolean terminal(JsonObject job) {
        return TERMINAL.contains(Json.text(job, "state", ""));
    }

    static boolean succeeded(JsonObject job) {
        return "succeeded".equals(Json.text(job, "state"));
    }

    static String failureCode(JsonObject job) {
        JsonObject failure = Json.object(job, "failure");
        return failure == null ? "" : Json.text(failure, "code", "");
    }

    /** The job with its steps, once it is settled. */
    JsonObject follow(String id) {
        String lastEvent = null;
        for (int attempt = 0; ; attempt++) {
            JsonObject job = ask(id);
            if (terminal(job)) return job;
            if (attempt > 0) Pause.of(backoff(attempt));
            InputStream source = open(id, lastEvent);
            if (source == null) continue;
            try (var stream = new EventStream(source)) {
                int quiet = 0;
                for (var event = stream.next(TICK); !EventStream.CLOSED.equals(event); event = stream.next(TICK)) {
                    progress.tick();
                    if (event == null) {
                        if (++quiet % QUIET_TICKS == 0 && terminal(ask(id))) break;
                        continue;
                    }
                    quiet = 0;
                    attempt = 0;
                    if (event.id() != null) lastEvent = event.id();
                    if (handled(event)) break;
                }
            }
        }
    }

    /** Shows the event; true when it is the last one. */
    private boolean handled(EventStream.Event event) {
        JsonObject data = Json.object(event.data());
        if (data == null) return false;
        switch (event.name()) {
            case "job" -> progress.job(data);
            case "step" -> progress.step(data);
            case "end" -> {
                return true;
            }
            default -> {} // an event of a later version
        }
        return false;
    }

    private @Nullable InputStream open(String id, @Nullable String lastEvent) {
        try {
            return api.events(id, lastEvent);
        } catch (CliException e) {
            if (e.exit() == Exit.UNREACHABLE) return null;
            throw e;
        }
    }

    /** The job as the server has it now; a server that is away is asked again until patience ends. */
    private JsonObject ask(String id) {
        long giveUp = System.nanoTime() + patience.toNanos();
        boolean told = false;
        for (int attempt = 1; ; attempt++) {
            try {
                JsonObject job = api.get("/api/jobs/" + Api.encoded(id));
                progress.job(job);
                for (JsonObject step : Json.objects(job, "steps")) progress.step(step);
                return job;
            } catch (CliException e) {
                boolean away = e.exit() == Exit.UNREACHABLE || e.status() >= 500;
                if (!away || System.nanoTime() > giveUp) throw e;
                if (!told) progress.note("The control plane does not answer; trying again.");
                told = true;
                Pause.of(backoff(attempt));
            }
        }
    }

    /** Jittered over a growing window, two seconds at most. */
    static Duration backoff(int attempt) {
        long window = Math.min(2_000, 250L << Math.min(attempt, 5));
        return Duration.ofMillis(100 + ThreadLocalRandom.current().nextLong(window));
    }
}
