package io.pressluft.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether a preview address answers with a page that a WordPress of ours rendered to its end. A name under
 * {@code .localhost} means this machine, which the JDK does not know by itself.
 */
final class Preview {
    private static final String MARK = "<!-- pressluft-proof v1 ";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** Empty when it answers, else why not. */
    String complaint(String url) {
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        try {
            URI address = URI.create(url);
            String path = address.getRawPath() == null || address.getRawPath().isEmpty() ? "/" : address.getRawPath();
            URI dialled = URI.create("%s://%s%s%s?pressluft_nonce=%s"
                    .formatted(
                            address.getScheme(),
                            address.getHost().endsWith(".localhost") ? "127.0.0.1" : address.getHost(),
                            address.getPort() < 0 ? "" : ":" + address.getPort(),
                            path,
                            HexFormat.of().formatHex(nonce)));
            HttpRequest request = HttpRequest.newBuilder(dialled)
                    .setHeader("Host", address.getRawAuthority())
                    .timeout(Duration.ofSeconds(15))
                    .GET()
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) return "answers " + answer.statusCode();
            String end = answer.body().stripTrailing();
            int last = end.lastIndexOf('\n') + 1;
            return end.startsWith(MARK, last) ? "" : "another page answers there";
        } catch (IOException e) {
            return "does not answer";
        } catch (IllegalArgumentException e) {
            return "is not an address";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "was not asked";
        }
    }
}
