package io.pressluft.controlplane.trust;

import io.pressluft.controlplane.settings.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Encrypts what is secret at rest (AES-256-GCM). The key is a file beside the database, never in it; it is made at the
 * first start.
 */
@Component
class MasterKey {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    MasterKey(Instance instance) {
        this.key = new SecretKeySpec(load(instance.dataDirectory().resolve("master.key")), "AES");
    }

    private byte[] load(Path file) {
        try {
            if (!Files.exists(file)) {
                var fresh = new byte[KEY_BYTES];
                random.nextBytes(fresh);
                var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
                Files.createFile(file, owner);
                Files.writeString(file, HexFormat.of().formatHex(fresh) + "\n", StandardOpenOption.SYNC);
            }
            var bytes = HexFormat.of().parseHex(Files.readString(file).strip());
            if (bytes.length != KEY_BYTES) {
                throw new IllegalStateException(file + " is not a master key: it must hold 64 hex digits");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("the master key " + file + " cannot be read", e);
        }
    }

    /** @param name bound to the ciphertext, so that one secret cannot stand in for another */
    byte[] encrypt(String name, byte[] plain) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        var sealed = apply(Cipher.ENCRYPT_MODE, name, nonce, plain);
        return ByteBuffer.allocate(nonce.length + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /** @throws IllegalStateException when the value was sealed with another key or under another name */
    byte[] decrypt(String name, byte[] sealed) {
        var buffer = ByteBuffer.wrap(sealed);
        var nonce = new byte[NONCE_BYTES];
        buffer.get(nonce);
        var rest = new byte[buffer.remaining()];
        buffer.get(rest);
        return apply(Cipher.DECRYPT_MODE, name, nonce, rest);
    }

    private byte[] apply(int mode, String name, byte[] nonce, byte[] input) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("secret " + name + " cannot be opened with this master key", e);
        }
    }
}
