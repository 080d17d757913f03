package io.pressluft.controlplane.trust;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Client certificates of nodes: issued for a request, looked up at every connection, revoked for good. */
@Component
public class NodeCertificates {

    /** Short enough that a stolen key dies soon, long enough that a node may be off over a long weekend. */
    private static final Duration LIFETIME = Duration.ofDays(7);

    private final CertificateAuthority authority;
    private final JdbcClient jdbc;

    NodeCertificates(CertificateAuthority authority, JdbcClient jdbc) {
        this.authority = authority;
        this.jdbc = jdbc;
    }

    /**
     * The public key of a signed request, encoded.
     *
     * @throws IllegalArgumentException when the request is malformed or not signed with the key it names
     */
    public static byte[] keyOf(byte[] requestDer) {
        try {
            var request = new PKCS10CertificationRequest(requestDer);
            var verifier = new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo());
            if (!request.isSignatureValid(verifier)) {
                throw new IllegalArgumentException("the request is not signed with its own key");
            }
            return Pem.encoded(request.getSubjectPublicKeyInfo());
        } catch (IOException | OperatorCreationException | PKCSException e) {
            throw new IllegalArgumentException("not a certificate request", e);
        }
    }

    /** A fresh certificate, as a PEM chain, leaf first. */
    @Transactional
    public String issue(String nodeId, byte[] requestDer) {
        try {
            keyOf(requestDer);
            var request = new PKCS10CertificationRequest(requestDer);
            var certificate = authority.issueNode(nodeId, request.getSubjectPublicKeyInfo(), LIFETIME);
            jdbc.sql("INSERT INTO agent_certificate (serial, node_id, not_after) VALUES (:serial, :node, :until)")
                    .param("serial", serial(certificate))
                    .param("node", nodeId)
                    .param(
                            "until",
                            OffsetDateTime.ofInstant(certificate.getNotAfter().toInstant(), ZoneOffset.UTC))
                    .update();
            return Pem.write(certificate, authority.root());
        } catch (IOException e) {
            throw new IllegalArgumentException("not a certificate request", e);
        }
    }

    /** Whether this certificate was issued here and not revoked; notes that it is in use. */
    public boolean accepted(X509Certificate certificate) {
        return jdbc.sql("""
                UPDATE agent_certificate SET used_at = now() WHERE serial = :serial AND revoked_at IS NULL
                """).param("serial", serial(certificate)).update() == 1;
    }

    /** Ends every certificate of the node. */
    public void revokeAll(String nodeId) {
        jdbc.sql("UPDATE agent_certificate SET revoked_at = now() WHERE node_id = :node AND revoked_at IS NULL")
                .param("node", nodeId)
                .update();
    }

    /** How a certificate is named in table agent_certificate. */
    public static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }
}
