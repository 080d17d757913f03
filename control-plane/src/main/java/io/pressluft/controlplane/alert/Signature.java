package io.pressluft.controlplane.alert;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How posts to the webhook show whom they are from: HMAC-SHA256 over their time, a full stop and their body. */
final class Signature {

    static final String HEADER = "Pressluft-Signature";

    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /** For example {@code t=1795269720,v1=5257a869...}. */
    static String of(String secret, Instant at, byte[] body) {
        long seconds = at.getEpochSecond();
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
            return "t=%d,v1=%s".formatted(seconds, HexFormat.of().formatHex(mac.doFinal(body)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }
}
