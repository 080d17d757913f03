package io.pressluft.controlplane.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pressluft.protocol.v1.FrontPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** A web server that answers for a site, with or without the right signature. */
final class ScriptedPage implements AutoCloseable {

    private static final int RAW_KEY_LENGTH = 32;

    private final HttpServer server;
    private volatile UnaryOperator<String> ending = nonce -> "";
    private volatile Runnable afterwards = () -> {};

    ScriptedPage(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    static KeyPair newKey() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a node reports it: base64 of the raw 32 bytes, which end the encoded key. */
    static String reported(KeyPair key) {
        var encoded = key.getPublic().getEncoded();
        return Base64.getEncoder()
                .encodeToString(Arrays.copyOfRange(encoded, encoded.length - RAW_KEY_LENGTH, encoded.length));
    }

    /** From now on the page ends without a signature. */
    void unsigned() {
        ending = nonce -> "";
    }

    /** From now on the page is signed for {@code page} with {@code key}. */
    void signs(FrontPage page, KeyPair key) {
        ending = nonce -> "\n<!-- pressluft-proof v1 " + signature(page, key, nonce) + " -->\n";
    }

    /** Runs after each answer. */
    void afterwards(Runnable action) {
        afterwards = action;
    }

    private static String signature(FrontPage page, KeyPair key, String nonce) {
        var text = "pressluft-proof-v1\n" + nonce + "\n" + page.getEnvironmentId() + "\n" + page.getIdentity() + "\n"
                + page.getUrl() + "\n" + page.getRelease();
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(key.getPrivate());
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        var nonce = exchange.getRequestURI().getQuery().replace("pressluft_nonce=", "");
        var body = ("<html><body>A site</body></html>" + ending.apply(nonce)).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
        afterwards.run();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
