package io.pressluft.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Follows a job as an open page does: where its stream breaks off it goes on after what it has seen, at the next of the
 * control planes.
 */
final class Follower {

    private final List<Api> planes;
    private final String jobId;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean ended;

    /**
     * An event.
     *
     * @param plane which of the control planes told it, from 0
     */
    record Seen(int plane, int number) {}

    private Follower(List<Api> planes, String jobId) {
        this.planes = List.copyOf(planes);
        this.jobId = jobId;
        this.thread = Thread.ofVirtual().name("follower-" + jobId).unstarted(this::follow);
    }

    /** Begins at the first of them; returns when something was told. */
    static Follower of(List<Api> planes, String jobId) {
        var follower = new Follower(planes, jobId);
        follower.thread.start();
        Await.until("the first event of job " + jobId, Duration.ofSeconds(20), () -> !follower.seen.isEmpty());
        return follower;
    }

    /** Everything that was told, once a control plane has said that it is all. */
    List<Seen> all(Duration patience) {
        Await.until("the end of the events of job " + jobId, patience, () -> ended || !thread.isAlive());
        if (!ended) {
            throw new AssertionError("nobody told the end of job %s; seen: %s".formatted(jobId, seen));
        }
        return List.copyOf(seen);
    }

    private void follow() {
        try (var http = HttpClient.newHttpClient()) {
            for (int plane = 0; plane < planes.size() && !ended; plane++) {
                read(http, plane);
            }
        }
    }

    private void read(HttpClient http, int plane) {
        var request = planes.get(plane).request("/api/jobs/%s/events".formatted(jobId));
        if (!seen.isEmpty()) {
            request.header("Last-Event-ID", Integer.toString(seen.getLast().number()));
        }
        try {
            var answer = http.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null && !ended; line = lines.readLine()) {
                    if (line.startsWith("id:")) {
                        seen.add(new Seen(
                                plane,
                                Integer.parseInt(line.substring("id:".length()).strip())));
                    }
                    ended = line.equals("event:end");
                }
            }
        } catch (IOException brokenOff) {
            // The next one goes on.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
