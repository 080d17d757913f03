package io.pressluft.protocol.proof;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The public half of an environment's proof key: raw Ed25519, 32 bytes. */
public record ProofKey(String base64) {

    /** What precedes the 32 raw bytes in an Ed25519 SubjectPublicKeyInfo (RFC 8410). */
    private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int RAW_LENGTH = 32;

    /** @throws IllegalArgumentException unless the text is base64 of 32 bytes */
    public ProofKey {
        if (Base64.getDecoder().decode(base64).length != RAW_LENGTH) {
            throw new IllegalArgumentException("a proof key has 32 bytes");
        }
    }

    boolean signed(String text, byte[] signature) {
        try {
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(publicKey());
            verifier.update(text.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    private PublicKey publicKey() throws GeneralSecurityException {
        byte[] raw = Base64.getDecoder().decode(base64);
        byte[] encoded = new byte[PREFIX.length + RAW_LENGTH];
        System.arraycopy(PREFIX, 0, encoded, 0, PREFIX.length);
        System.arraycopy(raw, 0, encoded, PREFIX.length, RAW_LENGTH);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
