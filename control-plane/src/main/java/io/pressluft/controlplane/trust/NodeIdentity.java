package io.pressluft.controlplane.trust;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** How a client certificate names its node: {@code urn:pressluft:node:<id>} among its alternative names. */
public final class NodeIdentity {

    private static final String PREFIX = "urn:pressluft:node:";
    private static final int URI_KIND = 6;

    private NodeIdentity() {}

    static String uri(String nodeId) {
        return PREFIX + nodeId;
    }

    /** The node id that {@code certificate} names, if it names one. */
    public static Optional<String> of(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return Optional.empty();
            }
            return names.stream()
                    .filter(name -> name.getFirst() instanceof Integer kind && kind == URI_KIND)
                    .map(List::getLast)
                    .map(String::valueOf)
                    .filter(uri -> uri.startsWith(PREFIX))
                    .map(uri -> uri.substring(PREFIX.length()))
                    .findFirst();
        } catch (CertificateParsingException malformed) {
            return Optional.empty();
        }
    }
}
