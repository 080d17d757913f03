package io.pressluft.agent.far;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server whose front page proves itself, after it has been somebody else's page for a while. */
public final class SignedPage implements AutoCloseable {

    public static final String URL = "http://shop.localhost:7680";
    public static final String ENVIRONMENT = "env_aaaaaaaa";
    public static final String IDENTITY = "0123456789abcdef0123456789abcdef";
    public static final String RELEASE = "20261121T013000Z";

    private final HttpServer server;
    private final KeyPair key;
    private final AtomicInteger foreign = new AtomicInteger();

    public SignedPage() throws IOException, GeneralSecurityException {
        key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Base64 of the raw key, as a playbook puts it out. */
    public String publicKey() {
        byte[] encoded = key.getPublic().getEncoded();
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    /** The next answers come from the default virtual host, as they do right after a reload. */
    public void answerForeign(int count) {
        foreign.set(count);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var nonce = exchange.getRequestURI().getQuery().replace("pressluft_nonce=", "");
        var page = "<html><body>A page</body></html>";
        if (foreign.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            page += "\n<!-- pressluft-proof v1 " + signature(nonce) + " -->\n";
        }
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String signature(String nonce) {
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(key.getPrivate());
            signer.update(String.join("\n", "pressluft-proof-v1", nonce, ENVIRONMENT, IDENTITY, URL, RELEASE)
                    .getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
