package io.pressluft.protocol.proof;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Looks at a front page over a chosen address and judges what it shows.
 *
 * <p>The address is dialled directly and the Host header set by hand, because preview names such as
 * {@code shop.localhost} resolve in browsers only. The JVM must run with
 * {@code -Djdk.httpclient.allowRestrictedHeaders=host}.
 */
public final class FrontPageProof {

    private static final int HTTP_OK = 200;

    private static final Pattern SIGNATURE =
            Pattern.compile("\\n<!-- pressluft-proof v1 ([A-Za-z0-9+/]{86}==) -->\\s*\\z");

    private final HttpClient http;
    private final Duration patience;
    private final SecureRandom random = new SecureRandom();

    /** @param patience how long one look may take, connecting included */
    public FrontPageProof(HttpClient http, Duration patience) {
        this.http = http;
        this.patience = patience;
    }

    /** Fetches the page of {@code claim} from {@code address} for a nonce never used before. */
    public Proof look(FrontPageClaim claim, ProofKey key, InetSocketAddress address) throws InterruptedException {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        var nonce = HexFormat.of().formatHex(bytes);
        try {
            return judge(claim, key, nonce, http.send(request(claim, nonce, address), body()));
        } catch (IOException e) {
            return new Proof.Unproven(
                    "proof_unreachable", "The front page of %s could not be read: %s.".formatted(claim.url(), e));
        }
    }

    private HttpRequest request(FrontPageClaim claim, String nonce, InetSocketAddress address) {
        var target = URI.create(
                "http://%s:%d/?pressluft_nonce=%s".formatted(address.getHostString(), address.getPort(), nonce));
        return HttpRequest.newBuilder(target)
                .timeout(patience)
                .header("Host", claim.url().getRawAuthority())
                .header("Cache-Control", "no-cache")
                .header("User-Agent", "Pressluft proof")
                .build();
    }

    private static HttpResponse.BodyHandler<String> body() {
        return HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8);
    }

    static Proof judge(FrontPageClaim claim, ProofKey key, String nonce, HttpResponse<String> answer) {
        if (answer.statusCode() != HTTP_OK) {
            return new Proof.Unproven(
                    "proof_status", "The front page of %s answered %d.".formatted(claim.url(), answer.statusCode()));
        }
        var signature = SIGNATURE.matcher(answer.body());
        if (!signature.find()) {
            return new Proof.Unproven(
                    "proof_missing",
                    "%s answered 200, but the page was not rendered completely by this environment's WordPress."
                            .formatted(claim.url()));
        }
        return key.signed(claim.signedText(nonce), Base64.getDecoder().decode(signature.group(1)))
                ? new Proof.Proven()
                : new Proof.Unproven(
                        "proof_foreign",
                        "%s answered with a page of another environment, another release or another database."
                                .formatted(claim.url()));
    }
}
