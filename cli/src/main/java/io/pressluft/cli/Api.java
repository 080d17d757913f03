package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The API over HTTP. A mutation carries one idempotency key through all its attempts. */
final class Api {
    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final int HIGHEST_PORT = 65_535;
    private static final int ATTEMPTS = 3;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]*");

    /** One for all: each has threads and certificates of its own, and is slow to make. */
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String base;
    private final @Nullable String token;

    Api(String base, @Nullable String token) {
        if (token != null && !TOKEN.matcher(token).matches())
            throw CliException.usage(
                    "token_invalid",
                    "The token for %s is not one line of printable ASCII".formatted(base),
                    "Set PRESSLUFT_TOKEN to a token as pressluft token create printed it.");
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.token = token;
    }

    /** Whether requests can be made to addresses below this one. */
    static boolean reachable(String address) {
        try {
            var uri = new URI(address);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() <= HIGHEST_PORT
                    && uri.getPort() != 0
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    String base() {
        return base;
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonObject get(String path) {
        return parsed(path, send(request(path).timeout(ANSWER).GET().build()));
    }

    String text(String path) {
        HttpRequest request = request(path).timeout(ANSWER).GET().build();
        return accepted(path, send(request)).body();
    }

    JsonObject post(String path, @Nullable JsonObject body) {
        return mutate("POST", path, body);
    }

    JsonObject put(String path, JsonObject body) {
        return mutate("PUT", path, body);
    }

    JsonObject delete(String path, @Nullable JsonObject body) {
        return mutate("DELETE", path, body);
    }

    boolean healthy() {
        try {
            HttpRequest request =
                    request("/health").timeout(Duration.ofSeconds(5)).GET().build();
            return send(request).statusCode() == 200;
        } catch (CliException e) {
            return false;
        }
    }

    /** The open event stream of a job, or null when the server has none to offer right now. */
    @Nullable
    InputStream events(String job, @Nullable String lastEventId) {
        HttpRequest.Builder request =
                request("/api/jobs/" + encoded(job) + "/events").setHeader("Accept", "text/event-stream");
        if (lastEventId != null) request.setHeader("Last-Event-ID", lastEventId);
        HttpResponse<InputStream> response = exchange(request.GET().build(), BodyHandlers.ofInputStream());
        boolean stream = response.statusCode() == 200
                && response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
        if (stream) return response.body();
        try (InputStream refused = response.body()) {
            if (response.statusCode() == 401 || response.statusCode() == 403)
                throw CliException.answered(
                        response.statusCode(), base, new String(refused.readNBytes(16_384), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return null;
        }
        return null;
    }

    private JsonObject mutate(String method, String path, @Nullable JsonObject body) {
        HttpRequest.Builder request = request(path)
                .timeout(ANSWER)
                .setHeader("Idempotency-Key", UUID.randomUUID().toString());
        if (body == null) request.method(method, HttpRequest.BodyPublishers.noBody());
        else
            request.setHeader("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
        HttpRequest ready = request.build();
        for (int attempt = 1; ; attempt++) {
            try {
                return parsed(path, send(ready));
            } catch (CliException e) {
                if (e.exit() != Exit.UNREACHABLE || attempt == ATTEMPTS || e.getCause() instanceof ConnectException)
                    throw e;
                Pause.of(Duration.ofMillis(200L * attempt));
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .setHeader("Accept", "application/json")
                .setHeader("User-Agent", "pressluft-cli");
        if (token != null) request.setHeader("Authorization", "Bearer " + token);
        return request;
    }

    private HttpResponse<String> send(HttpRequest request) {
        return exchange(request, BodyHandlers.ofString());
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return HTTP.send(request, handler);
        } catch (IOException e) {
            String reason = e instanceof ConnectException ? "nothing listens there" : String.valueOf(e.getMessage());
            var unreachable = CliException.unreachable(base, reason);
            unreachable.initCause(e);
            throw unreachable;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("interrupted", "The command was interrupted", "");
        }
    }

    private HttpResponse<String> accepted(String path, HttpResponse<String> response) {
        int status = response.statusCode();
        if (status / 100 != 2) throw CliException.answered(status, base + path, response.body());
        return response;
    }

    private JsonObject parsed(String path, HttpResponse<String> response) {
        String body = accepted(path, response).body();
        if (body.isBlank()) return new JsonObject();
        JsonObject object = Json.object(body);
        if (object == null)
            throw CliException.failed(
                    "answer_unreadable",
                    "%s answered something that is not JSON".formatted(base + path),
                    "Check that this address is a Pressluft control plane.");
        return object;
    }
}
