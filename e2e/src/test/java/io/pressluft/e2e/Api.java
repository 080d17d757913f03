package io.pressluft.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API, as the command line uses it. */
record Api(URI base, String token) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> ENDS = Set.of("succeeded", "failed", "cancelled", "rejected");

    /** One event of a job's stream and when it arrived, counted from the opening. */
    record Event(String name, JsonNode data, Duration after) {}

    /** The same client at another replica. */
    Api at(String url) {
        return new Api(URI.create(url), token);
    }

    Answer get(String path) {
        return Web.send(request(path).GET());
    }

    Answer post(String path, Map<String, ?> body) {
        return send("POST", path, body);
    }

    Answer post(String path) {
        return Web.send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    Answer delete(String path) {
        return Web.send(request(path).DELETE());
    }

    Answer delete(String path, Map<String, ?> body) {
        return send("DELETE", path, body);
    }

    JsonNode job(String id) {
        return get("/api/jobs/" + id).require(200).json();
    }

    /** The job at its end, with its steps. */
    JsonNode settled(String jobId, Duration patience) {
        return Await.value(
                "job " + jobId + " ends",
                patience,
                () -> Optional.of(job(jobId))
                        .filter(job -> ended(job.path("state").asString())));
    }

    /** @throws AssertionError naming code, step and message when it ended otherwise */
    JsonNode succeeded(String jobId, Duration patience) {
        var job = settled(jobId, patience);
        if (!job.path("state").asString().equals("succeeded")) {
            throw new AssertionError("job %s is %s: %s%n%s"
                    .formatted(
                            jobId,
                            job.path("state").asString(),
                            job.path("failure"),
                            get("/api/jobs/" + jobId + "/log").body()));
        }
        return job;
    }

    static boolean ended(String state) {
        return ENDS.contains(state);
    }

    /** Follows the job's stream of events until the server ends it. */
    List<Event> events(String jobId) {
        long begun = System.nanoTime();
        var events = new ArrayList<Event>();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    request("/api/jobs/" + jobId + "/events").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                var name = "message";
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event:")) {
                        name = line.substring("event:".length()).strip();
                    } else if (line.startsWith("data:")) {
                        var after = Duration.ofNanos(System.nanoTime() - begun);
                        events.add(new Event(name, JSON.readTree(line.substring("data:".length())), after));
                    }
                }
            }
            return events;
        } catch (IOException e) {
            throw new AssertionError("the events of job %s broke off after %s".formatted(jobId, events), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private Answer send(String method, String path, Map<String, ?> body) {
        return Web.send(request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token);
    }
}
