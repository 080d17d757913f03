package io.pressluft.controlplane.trust;

import io.pressluft.controlplane.audit.AuditLog;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
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
    private final AuditLog audit;

    NodeCertificates(CertificateAuthority authority, JdbcClient jdbc, AuditLog audit) {
        this.authority = authority;
        this.jdbc = jdbc;
        this.audit = audit;
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

    /**
     * The certificate of a node that has enrolled, as a PEM chain, leaf first. It is the only one of the node from then
     * on: those from before are revoked.
     */
    @Transactional
    public String enrol(String nodeId, byte[] requestDer) {
        keyOf(requestDer);
        lock(nodeId);
        revoke(nodeId, nodeId);
        return issue("agent_enrol", nodeId, requestDer);
    }

    /**
     * One more certificate of the node that holds the one called {@code serial}, as a PEM chain, leaf first; empty when
     * that one has been revoked meanwhile.
     */
    @Transactional
    public Optional<String> renew(String nodeId, String serial, byte[] requestDer) {
        keyOf(requestDer);
        lock(nodeId);
        boolean held = jdbc.sql("""
                SELECT EXISTS (SELECT 1 FROM agent_certificate
                               WHERE serial = :serial AND node_id = :node AND revoked_at IS NULL)
                """)
                .param("serial", serial)
                .param("node", nodeId)
                .query(Boolean.class)
                .single();
        return held ? Optional.of(issue("certificate_renew", nodeId, requestDer)) : Optional.empty();
    }

    /** A renewal that is under way while the node's certificates are revoked must not leave one that is not. */
    private void lock(String nodeId) {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended('certificates of ' || :node, 0))")
                .param("node", nodeId)
                .query((row, index) -> true)
                .single();
    }

    private String issue(String action, String nodeId, byte[] requestDer) {
        try {
            var request = new PKCS10CertificationRequest(requestDer);
            var certificate = authority.issueNode(nodeId, request.getSubjectPublicKeyInfo(), LIFETIME);
            jdbc.sql("INSERT INTO agent_certificate (serial, node_id, not_after) VALUES (:serial, :node, :until)")
                    .param("serial", serial(certificate))
                    .param("node", nodeId)
                    .param(
                            "until",
                            OffsetDateTime.ofInstant(certificate.getNotAfter().toInstant(), ZoneOffset.UTC))
                    .update();
            audit.add(nodeId, action, nodeId, "succeeded", null, "certificate " + serial(certificate));
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

    /**
     * Ends every certificate of the node.
     *
     * @param by who asked for it
     */
    @Transactional
    public void revokeAll(String nodeId, String by) {
        lock(nodeId);
        revoke(nodeId, by);
    }

    private void revoke(String nodeId, String by) {
        int revoked = jdbc.sql(
                        "UPDATE agent_certificate SET revoked_at = now() WHERE node_id = :node AND revoked_at IS NULL")
                .param("node", nodeId)
                .update();
        if (revoked > 0) {
            audit.add(by, "certificate_revoke", nodeId, "succeeded", null, "certificates: " + revoked);
        }
    }

    /** How a certificate is named in table agent_certificate. */
    public static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }
}
