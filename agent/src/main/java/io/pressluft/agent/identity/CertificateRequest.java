package io.pressluft.agent.identity;

import static io.pressluft.agent.identity.Der.BIT_STRING;
import static io.pressluft.agent.identity.Der.CONTEXT_0;
import static io.pressluft.agent.identity.Der.OBJECT_ID;
import static io.pressluft.agent.identity.Der.SEQUENCE;
import static io.pressluft.agent.identity.Der.SET;
import static io.pressluft.agent.identity.Der.UTF8_STRING;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.HexFormat;

/** A PKCS#10 request (RFC 2986) for the subject {@code CN=<node id>}, signed with ECDSA over SHA-256. */
final class CertificateRequest {

    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("550403");
    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("2a8648ce3d040302");

    private CertificateRequest() {}

    static byte[] of(String nodeId, NodeKey key) throws GeneralSecurityException {
        byte[] name = Der.of(
                SEQUENCE, Der.of(OBJECT_ID, COMMON_NAME), Der.of(UTF8_STRING, nodeId.getBytes(StandardCharsets.UTF_8)));
        byte[] info = Der.of(
                SEQUENCE,
                Der.integer(0),
                Der.of(SEQUENCE, Der.of(SET, name)),
                key.publicKey().getEncoded(),
                Der.of(CONTEXT_0));
        var signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(key.privateKey());
        signer.update(info);
        return Der.of(
                SEQUENCE,
                info,
                Der.of(SEQUENCE, Der.of(OBJECT_ID, ECDSA_WITH_SHA256)),
                Der.of(BIT_STRING, new byte[] {0}, signer.sign()));
    }
}
