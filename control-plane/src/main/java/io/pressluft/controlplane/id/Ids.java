package io.pressluft.controlplane.id;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.springframework.stereotype.Component;

/** Makes identifiers that cannot be guessed: a prefix and random characters of {@code [a-z0-9]}. */
@Component
public final class Ids {

    private static final char[] ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789".toCharArray();
    private static final int LONG = 12;
    /** An environment's id is its Linux user too, and database user names are short. */
    private static final int SHORT = 8;

    private final SecureRandom random = new SecureRandom();

    /** For example {@code site_k3v9x0q2m7ab}. */
    public String next(String prefix) {
        return prefix + "_" + characters(LONG);
    }

    /** For example {@code env_k3v9x0q2}. */
    public String nextEnvironment() {
        return "env_" + characters(SHORT);
    }

    /** {@code bytes} random bytes in lower-case hex. */
    public String hex(int bytes) {
        var raw = new byte[bytes];
        random.nextBytes(raw);
        return HexFormat.of().formatHex(raw);
    }

    private String characters(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        return text.toString();
    }
}
