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

    /** No gateway has welcomed the credentials that were presented last. */
    private boolean unwelcome;

    /** The attempt before this one was made with the token and bought nothing. */
    private boolean tokenFailed;

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
        boolean enrolling = held.isEmpty() || tokenIsTheBetterWay(held.get());
        tokenFailed = enrolling;
        if (enrolling) {
            enroller.enrol();
            tokenFailed = false;
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

    /**
     * Whoever put a token on a node that has been enrolled wants it to be spent, unless the node is let in without. By
     * turns, as an old token must not keep out a node whose certificate is good: its own clock may be the wrong one.
     */
    private boolean tokenIsTheBetterWay(Credentials held) throws IOException {
        return (held.expired(clock.instant()) || unwelcome) && !tokenFailed && enroller.possible();
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
        unwelcome = !welcomed;
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
        boolean expired = credentials.expired(clock.instant());
        if (!expired && status.getCode() != Status.Code.UNAUTHENTICATED) {
            LOG.log(Level.WARNING, "gateway={0}:{1} not reached status={2} retry={3}", new Object[] {
                gateway.host(), Integer.toString(gateway.port()), Retry.oneLine(status), retry
            });
            return retry;
        }
        LOG.log(
                Level.SEVERE,
                "The gateway does not take this node''s certificate (status={1}), which "
                        + (expired ? "expired at {0} while the agent was offline" : "is valid until {0}")
                        + ". Where the control plane runs: pressluft node enrol-token {2} makes a new enrolment token"
                        + " and says where to put it. The agent keeps trying.",
                new Object[] {credentials.notAfter(), Retry.oneLine(status), enroller.nodeId()});
        return Retry.SLOWLY;
    }
}
