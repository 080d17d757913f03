package io.pressluft.agent.link;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pressluft.agent.identity.Credentials;
import io.pressluft.agent.identity.Identity;
import io.pressluft.protocol.v1.GatewayGrpc;
import io.pressluft.protocol.v1.RenewRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Gets a new certificate when two thirds of the old one's life are over, then ends the stream to begin with it. */
final class RenewLoop implements SessionLoop {

    private static final Logger LOG = Logger.getLogger(RenewLoop.class.getName());

    /** The wall clock may be set in the meantime: it is looked at again that often. */
    private static final Duration LONGEST_SLICE = Duration.ofMinutes(1);

    private static final Duration SHORTEST_SLICE = Duration.ofMillis(50);
    private static final int ATTEMPTS_PER_LIFE = 60;

    private final Session session;
    private final ManagedChannel channel;
    private final Identity identity;
    private final Credentials credentials;
    private final InstantSource clock;
    private final Duration patience;

    RenewLoop(
            Session session,
            ManagedChannel channel,
            Identity identity,
            Credentials credentials,
            InstantSource clock,
            Duration patience) {
        this.session = session;
        this.channel = channel;
        this.identity = identity;
        this.credentials = credentials;
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public void run() throws IOException, InterruptedException {
        while (!session.over().within(pause())) {
            if (clock.instant().isBefore(credentials.renewAt())) {
                continue;
            }
            if (renewed()) {
                session.end(Status.CANCELLED.withDescription("the certificate was renewed"));
                return;
            }
            if (session.over().within(bounded(credentials.lifetime().dividedBy(ATTEMPTS_PER_LIFE)))) {
                return;
            }
        }
    }

    private Duration pause() {
        return bounded(Duration.between(clock.instant(), credentials.renewAt()));
    }

    private static Duration bounded(Duration pause) {
        if (pause.compareTo(SHORTEST_SLICE) < 0) {
            return SHORTEST_SLICE;
        }
        return pause.compareTo(LONGEST_SLICE) > 0 ? LONGEST_SLICE : pause;
    }

    private boolean renewed() throws IOException {
        try {
            var request = RenewRequest.newBuilder()
                    .setCertificateRequestDer(ByteString.copyFrom(identity.request()))
                    .build();
            var certificate = GatewayGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .renew(request);
            identity.renewed(certificate.getChainPem());
            LOG.info("certificate renewed");
            return true;
        } catch (StatusRuntimeException e) {
            LOG.log(Level.WARNING, "certificate not renewed status={0}; valid until {1}", new Object[] {
                Retry.oneLine(e.getStatus()), credentials.notAfter()
            });
            return false;
        } catch (GeneralSecurityException e) {
            LOG.log(Level.SEVERE, "certificate not renewed: the answer is no certificate", e);
            return false;
        }
    }
}
