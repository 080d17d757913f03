package io.pressluft.protocol.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a page has to show, over a real connection. */
class FrontPageProofTest {

    private static final FrontPageClaim CLAIM = new FrontPageClaim(
            URI.create("http://shop.localhost:7680"),
            "env_a1b2c3d4",
            "0123456789abcdef0123456789abcdef",
            "20261121T013000Z");

    private final KeyPair key = newKey();
    private final FrontPageProof proof = new FrontPageProof(HttpClient.newHttpClient(), Duration.ofSeconds(10));
    private final Set<String> nonces = ConcurrentHashMap.newKeySet();
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();
    private HttpServer server;
    private volatile int status = 200;
    private volatile UnaryOperator<String> page = nonce -> "";

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var nonce = exchange.getRequestURI().getQuery().replace("pressluft_nonce=", "");
            nonces.add(nonce);
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            var body = page.apply(nonce).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void the_right_page_is_proven() throws Exception {
        page = nonce -> html() + comment(signature(CLAIM, nonce, key));
        assertThat(look()).isEqualTo(new Proof.Proven());
    }

    @Test
    void spaces_after_the_signature_do_no_harm() throws Exception {
        page = nonce -> html() + comment(signature(CLAIM, nonce, key)) + "\n \n";
        assertThat(look()).isEqualTo(new Proof.Proven());
    }

    @Test
    void a_page_without_signature_is_missing_its_proof() throws Exception {
        page = nonce -> html();
        assertThat(code(look())).isEqualTo("proof_missing");
    }

    @Test
    void a_signature_before_the_end_is_no_proof() throws Exception {
        page = nonce -> html() + comment(signature(CLAIM, nonce, key)) + "PHP Fatal error";
        assertThat(code(look())).isEqualTo("proof_missing");
    }

    @Test
    void a_white_screen_is_no_proof() throws Exception {
        page = nonce -> "";
        assertThat(code(look())).isEqualTo("proof_missing");
    }

    @Test
    void a_signature_with_another_key_is_foreign() throws Exception {
        page = nonce -> html() + comment(signature(CLAIM, nonce, newKey()));
        assertThat(code(look())).isEqualTo("proof_foreign");
    }

    @Test
    void a_signature_over_an_earlier_nonce_is_foreign() throws Exception {
        page = nonce -> html() + comment(signature(CLAIM, "00000000000000000000000000000000", key));
        assertThat(code(look())).isEqualTo("proof_foreign");
    }

    @Test
    void a_signature_for_another_environment_is_foreign() throws Exception {
        var other = new FrontPageClaim(CLAIM.url(), "env_otherone", CLAIM.identity(), CLAIM.release());
        page = nonce -> html() + comment(signature(other, nonce, key));
        assertThat(code(look())).isEqualTo("proof_foreign");
    }

    @Test
    void a_signature_over_another_database_is_foreign() throws Exception {
        var other = new FrontPageClaim(
                CLAIM.url(), CLAIM.environmentId(), "ffffffffffffffffffffffffffffffff", CLAIM.release());
        page = nonce -> html() + comment(signature(other, nonce, key));
        assertThat(code(look())).isEqualTo("proof_foreign");
    }

    @Test
    void a_signature_of_another_release_is_foreign() throws Exception {
        var other = new FrontPageClaim(CLAIM.url(), CLAIM.environmentId(), CLAIM.identity(), "20200101T000000Z");
        page = nonce -> html() + comment(signature(other, nonce, key));
        assertThat(code(look())).isEqualTo("proof_foreign");
    }

    @Test
    void a_signature_for_another_url_is_foreign() throws Exception {
        var other = new FrontPageClaim(
                URI.create("http://other.localhost:7680"), CLAIM.environmentId(), CLAIM.identity(), CLAIM.release());
        page = nonce -> html() + comment(signature(other, nonce, key));
        assertThat(code(look())).isEqualTo("proof_foreign");
    }

    @Test
    void an_error_page_with_the_right_signature_is_no_proof() throws Exception {
        status = 500;
        page = nonce -> html() + comment(signature(CLAIM, nonce, key));
        assertThat(code(look())).isEqualTo("proof_status");
    }

    @Test
    void a_closed_port_is_unreachable() throws Exception {
        server.stop(0);
        assertThat(code(look())).isEqualTo("proof_unreachable");
    }

    @Test
    void no_nonce_is_used_twice() throws Exception {
        for (int i = 0; i < 10; i++) {
            look();
        }
        assertThat(nonces).hasSize(10).allMatch(nonce -> nonce.matches("[0-9a-f]{32}"));
    }

    @Test
    void the_page_is_asked_for_by_its_own_name() throws Exception {
        look();
        assertThat(hosts).containsExactly("shop.localhost:7680");
    }

    @Test
    void a_key_that_is_too_short_is_refused() {
        assertThatThrownBy(() -> new ProofKey("AAAA")).isInstanceOf(IllegalArgumentException.class);
    }

    private Proof look() throws InterruptedException {
        return proof.look(
                CLAIM,
                new ProofKey(raw(key)),
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.getAddress().getPort()));
    }

    private static String code(Proof proof) {
        return switch (proof) {
            case Proof.Proven proven -> "proven";
            case Proof.Unproven unproven -> unproven.code();
        };
    }

    private static String html() {
        return "<!doctype html><html><body>A shop</body></html>";
    }

    private static String comment(String signature) {
        return "\n<!-- pressluft-proof v1 " + signature + " -->\n";
    }

    private static KeyPair newKey() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String raw(KeyPair key) {
        var encoded = key.getPublic().getEncoded();
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static String signature(FrontPageClaim claim, String nonce, KeyPair key) {
        var text = "pressluft-proof-v1\n" + nonce + "\n" + claim.environmentId() + "\n" + claim.identity() + "\n"
                + claim.url() + "\n" + claim.release();
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(key.getPrivate());
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
