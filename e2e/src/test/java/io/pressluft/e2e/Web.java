package io.pressluft.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Plain HTTP. Redirects are not followed and cookies not kept: tests look at them. */
final class Web {

    private static final Duration LOOK = Duration.ofSeconds(40);

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private Web() {}

    static Answer send(HttpRequest.Builder request) {
        long begun = System.nanoTime();
        try {
            var answer = HTTP.send(
                    request.timeout(LOOK).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(
                    answer.statusCode(), answer.body(), answer.headers(), Duration.ofNanos(System.nanoTime() - begun));
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Dials {@code address} and asks for {@code url} there: preview names resolve in browsers only. */
    static Answer get(InetSocketAddress address, URI url, Map<String, String> headers) {
        var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        var request = HttpRequest.newBuilder(URI.create(
                        "http://%s:%d%s%s".formatted(address.getHostString(), address.getPort(), path, query)))
                .header("Host", url.getRawAuthority());
        headers.forEach(request::header);
        return send(request);
    }

    /** As a browser on this machine would: names below localhost are loopback. */
    static Answer get(URI url, Map<String, String> headers) {
        return get(new InetSocketAddress("127.0.0.1", url.getPort()), url, headers);
    }

    static Answer get(URI url) {
        return get(url, Map.of());
    }
}
