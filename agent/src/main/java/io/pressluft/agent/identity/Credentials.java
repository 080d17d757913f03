package io.pressluft.agent.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * A certificate chain with the key it was issued for.
 *
 * @param fresh renewed, and not yet accepted by the gateway once
 */
public record Credentials(String chainPem, String keyPem, Instant notBefore, Instant notAfter, boolean fresh) {

    static Credentials of(String chainPem, String keyPem, boolean fresh) throws CertificateException {
        var leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(chainPem.getBytes(StandardCharsets.UTF_8)));
        return new Credentials(
                chainPem,
                keyPem,
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                fresh);
    }

    public boolean expired(Instant now) {
        return now.isAfter(notAfter);
    }

    /** Two thirds of the lifetime have passed then. */
    public Instant renewAt() {
        return notBefore.plus(lifetime().multipliedBy(2).dividedBy(3));
    }

    public Duration lifetime() {
        return Duration.between(notBefore, notAfter);
    }

    @Override
    public String toString() {
        return "Credentials[until=%s, fresh=%s]".formatted(notAfter, fresh);
    }
}
