package io.pressluft.agent.link;

import com.google.protobuf.ByteString;
import io.pressluft.agent.identity.EnrolmentToken;
import io.pressluft.agent.identity.Identity;
import io.pressluft.protocol.v1.EnrolRequest;
import io.pressluft.protocol.v1.EnrolmentGrpc;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Spends the one-time token for the node's first certificate, or for a new one after the last has expired. */
public final class Enroller {

    private static final Logger LOG = Logger.getLogger(Enroller.class.getName());

    private final String nodeId;
    private final String agentVersion;
    private final Gateways gateways;
    private final Identity identity;
    private final EnrolmentToken token;
    private final Duration patience;

    public Enroller(
            String nodeId,
            String agentVersion,
            Gateways gateways,
            Identity identity,
            EnrolmentToken token,
            Duration patience) {
        this.nodeId = nodeId;
        this.agentVersion = agentVersion;
        this.gateways = gateways;
        this.identity = identity;
        this.token = token;
        this.patience = patience;
    }

    String nodeId() {
        return nodeId;
    }

    boolean possible() throws IOException {
        return token.read().isPresent();
    }

    /** The key is on the disk before the token is spent: whoever dies in between tries again with the same key. */
    void enrol() throws IOException, GeneralSecurityException {
        var request = EnrolRequest.newBuilder()
                .setNodeId(nodeId)
                .setToken(token.read().orElse(""))
                .setCertificateRequestDer(ByteString.copyFrom(identity.request()))
                .setAgentVersion(agentVersion)
                .build();
        var channel = gateways.current().dial();
        try {
            var certificate = EnrolmentGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .enrol(request);
            identity.enrolled(certificate.getChainPem());
            token.spent();
            LOG.log(Level.INFO, "node={0} enrolled", nodeId);
        } finally {
            channel.shutdownNow();
        }
    }
}
