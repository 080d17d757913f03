package io.pressluft.agent.link;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pressluft.agent.identity.Credentials;
import io.pressluft.agent.identity.Identity;
import io.pressluft.agent.time.StopSignal;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Keeps one session to one of the gateways open for as long as the agent lives. */
public final class LinkLoop {

    private static final Logger LOG = Logger.getLogger(LinkLoop.class.getName());

    private final Gateways gateways;
    private final Identity identity;
    private final Enroller enroller;
    private final Conversation conversation;
    private final Backoff backoff;
    private final InstantSource clock;
    private final StopSignal stop;
    private final AtomicReference<@Nullable Session> current = new AtomicReference<>();

    public LinkLoop(
            Gateways gateways,
            Identity identity,
            Enroller enroller,
            Conversation conversation,
            LinkSettings settings,
            RandomGenerator random,
            InstantSource clock,
            StopSignal stop) {
        this.gateways = gateways;
        this.identity = identity;
        this.enroller = enroller;
        this.conversation = conversation;
        this.backoff = new Backoff(settings, random);
        this.clock = clock;
        this.stop = stop;
    }

    /** Returns when the agent stops. */
    public void run() throws InterruptedException {
        var retry = Retry.SOON;
        do {
            try {
                retry = attempt();
            } catch (StatusRuntimeException e) {
                retry = Retry.of(e.getStatus().getCode());
                gateways.passOver();
                LOG.log(Level.WARNING, "enrolment failed status={0} retry={1}", new Object[] {
                    Retry.oneLine(e.getStatus()), retry
                });
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                retry = Retry.SLOWLY;
                LOG.log(Level.SEVERE, "the node's identity or the gateway's authority cannot be used", e);
            }
        } while (!stop.isRaised() && !stop.within(backoff.next(retry)));
    }

    /** With the stop signal raised: ends the session, should one be open. */
    public void hangUp() {
        var session = current.get();
        if (session != null) {
            session.end(Status.CANCELLED.withDescription("the agent stops"));
        }
    }

    private Retry attempt() throws IOException, GeneralSecurityException, InterruptedException {
        var held = identity.credentials();
        if (held.isEmpty() || (held.get().expired(clock.instant()) && enroller.possible())) {
            enroller.enrol();
            held = identity.credentials();
        }
        if (held.isEmpty()) {
            return Retry.SLOWLY;
        }
        var credentials = held.get();
        var channel = gateways.current().dial(credentials);
        try {
            return converse(channel, credentials);
        } finally {
            channel.shutdownNow();
        }
    }

    private Retry converse(ManagedChannel channel, Credentials credentials) throws IOException, InterruptedException {
        var session = Session.open(channel);
        current.set(session);
        if (stop.isRaised()) {
            hangUp();
        }
        boolean welcomed = conversation.hold(session, channel, credentials);
        current.set(null);
        var status = session.status();
        var retry = Retry.of(status.getCode());
        var gateway = gateways.current();
        if (status.getCode() != Status.Code.CANCELLED) { // else this agent has ended it itself
            gateways.passOver();
        }
        if (welcomed) {
            backoff.reset();
            LOG.log(Level.INFO, "stream ended status={0}", Retry.oneLine(status));
        } else if (!stop.isRaised()) {
            identity.refused(credentials);
            retry = explain(gateway, status, retry, credentials);
        }
        return retry;
    }

    private Retry explain(Gateway gateway, Status status, Retry retry, Credentials credentials) {
        if (!credentials.expired(clock.instant())) {
            LOG.log(Level.WARNING, "gateway={0}:{1} not reached status={2} retry={3}", new Object[] {
                gateway.host(), Integer.toString(gateway.port()), Retry.oneLine(status), retry
            });
            return retry;
        }
        LOG.log(
                Level.SEVERE,
                "This node''s certificate expired at {0} while it was offline, and the gateway does not take it"
                        + " (status={1}). Put a new enrolment token on the node; the agent keeps trying.",
                new Object[] {credentials.notAfter(), Retry.oneLine(status)});
        return Retry.SLOWLY;
    }
}
