package io.pressluft.controlplane.ssh;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.digest.BuiltinDigests;

/** Host keys as text: {@code type base64}, without host and comment. */
public final class HostKeys {

    /** In the order in which a machine that has several is asked for them. */
    static final List<String> TYPES =
            List.of("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa");

    private static final Pattern LINE = Pattern.compile("([a-z0-9-]+) ([A-Za-z0-9+/]+={0,2})( [^\\p{Cc}\\p{Cs}]*)?");
    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");

    private HostKeys() {}

    /** Whether this is a public key in one line or the SHA-256 fingerprint of one. */
    public static boolean valid(String pin) {
        if (fingerprinted(pin)) {
            return true;
        }
        var line = LINE.matcher(pin);
        return line.matches() && TYPES.contains(line.group(1)) && parsed(pin) != null;
    }

    static boolean fingerprinted(String pin) {
        return FINGERPRINT.matcher(pin).matches();
    }

    /** Whether {@code key} is what the operator or an earlier look has pinned. */
    static boolean matches(String pin, PublicKey key) {
        if (fingerprinted(pin)) {
            return fingerprint(key).equals(pin);
        }
        var expected = parsed(pin);
        return expected != null && KeyUtils.compareKeys(expected, key);
    }

    /** As {@code ssh-keygen -l} writes it; empty for what is no key. */
    public static String fingerprint(String line) {
        var key = parsed(line);
        return key == null ? "" : fingerprint(key);
    }

    private static String fingerprint(PublicKey key) {
        return String.valueOf(KeyUtils.getFingerPrint(BuiltinDigests.sha256, key));
    }

    static String line(PublicKey key) {
        return PublicKeyEntry.toString(key);
    }

    static String type(String line) {
        return line.substring(0, Math.max(0, line.indexOf(' ')));
    }

    private static @org.jspecify.annotations.Nullable PublicKey parsed(String line) {
        try {
            var entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
            return entry == null ? null : entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return null;
        }
    }

    /** A machine has several host keys; this makes it show the one of the type that is compared. */
    public static void prefer(SshClient client, String type) {
        var factories = new ArrayList<>(Objects.requireNonNullElse(client.getSignatureFactories(), List.of()));
        factories.sort(Comparator.comparing(factory -> !ofType(factory.getName(), type)));
        client.setSignatureFactories(factories);
    }

    private static boolean ofType(String signature, String type) {
        return signature.equals(type) || (type.equals("ssh-rsa") && signature.startsWith("rsa-sha2-"));
    }
}
