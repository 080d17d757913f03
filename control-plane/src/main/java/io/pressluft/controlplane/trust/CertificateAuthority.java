package io.pressluft.controlplane.trust;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.springframework.stereotype.Component;

/**
 * The control plane's own certificate authority: ECDSA over P-256. The root is made at the first start and kept
 * encrypted in PostgreSQL.
 */
@Component
public class CertificateAuthority {

    /** The name every agent expects of the gateway, whatever address it dials. */
    public static final String GATEWAY_NAME = "gateway.pressluft.internal";

    private static final Duration ROOT_LIFETIME = Duration.ofDays(3650);

    /** So that a clock that is an hour behind does not refuse a fresh certificate. */
    private static final Duration BACKDATED = Duration.ofHours(2);

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final PrivateKey rootKey;
    private final X509Certificate root;

    CertificateAuthority(Secrets secrets, Clock clock) {
        this.clock = clock;
        var stored = secrets.getOrCreate("certificate-authority", this::newRoot).reveal();
        this.rootKey = Pem.privateKey(stored);
        this.root = Pem.certificate(stored.substring(stored.indexOf("-----BEGIN CERTIFICATE")));
    }

    private String newRoot() {
        var key = newKey();
        var name = new X500Name("CN=Pressluft certificate authority");
        var holder = builder(
                name, name, SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()), ROOT_LIFETIME);
        try {
            holder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            holder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return Pem.write(key.getPrivate(), sign(holder, key.getPrivate()));
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The root certificate, PEM: what nodes pin. */
    public String rootPem() {
        return Pem.write(root);
    }

    public X509Certificate root() {
        return root;
    }

    /** A key of the curve used throughout. */
    public static KeyPair newKey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A certificate for the gateway itself. */
    public X509Certificate issueServer(KeyPair key, Duration lifetime) {
        return issue(
                "CN=" + GATEWAY_NAME,
                SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()),
                lifetime,
                KeyPurposeId.id_kp_serverAuth,
                new GeneralName(GeneralName.dNSName, GATEWAY_NAME));
    }

    /** A client certificate that names the node in its URI. */
    public X509Certificate issueNode(String nodeId, SubjectPublicKeyInfo key, Duration lifetime) {
        return issue(
                "CN=" + nodeId,
                key,
                lifetime,
                KeyPurposeId.id_kp_clientAuth,
                new GeneralName(GeneralName.uniformResourceIdentifier, NodeIdentity.uri(nodeId)));
    }

    private X509Certificate issue(
            String subject, SubjectPublicKeyInfo key, Duration lifetime, KeyPurposeId purpose, GeneralName name) {
        var builder = builder(
                X500Name.getInstance(root.getSubjectX500Principal().getEncoded()),
                new X500Name(subject),
                key,
                lifetime);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
        return sign(builder, rootKey);
    }

    private X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, SubjectPublicKeyInfo key, Duration lifetime) {
        var now = clock.instant();
        return new X509v3CertificateBuilder(
                issuer,
                new BigInteger(128, random),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(lifetime)),
                subject,
                key);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
