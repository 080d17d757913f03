package io.pressluft.agent.link;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.pressluft.agent.facts.NodeFacts;
import io.pressluft.agent.identity.Credentials;
import io.pressluft.agent.identity.Identity;
import io.pressluft.agent.job.JobClock;
import io.pressluft.agent.job.Jobs;
import io.pressluft.agent.job.Journal;
import io.pressluft.agent.run.Lease;
import io.pressluft.agent.run.Playbooks;
import io.pressluft.agent.time.Wakeup;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.Hello;
import io.pressluft.protocol.v1.Welcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What is said on one session: hello and welcome, then the four loops until it is over. */
public final class Conversation {

    private static final Logger LOG = Logger.getLogger(Conversation.class.getName());
    private static final Duration FASTEST_HEARTBEAT = Duration.ofMillis(50);

    private final String agentVersion;
    private final Identity identity;
    private final Jobs jobs;
    private final Journal journal;
    private final Playbooks playbooks;
    private final NodeFacts facts;
    private final Lease lease;
    private final JobClock clock;
    private final Wakeup changed;
    private final LinkSettings settings;

    public Conversation(
            String agentVersion,
            Identity identity,
            Jobs jobs,
            Journal journal,
            Playbooks playbooks,
            NodeFacts facts,
            Lease lease,
            JobClock clock,
            Wakeup changed,
            LinkSettings settings) {
        this.agentVersion = agentVersion;
        this.identity = identity;
        this.jobs = jobs;
        this.journal = journal;
        this.playbooks = playbooks;
        this.facts = facts;
        this.lease = lease;
        this.clock = clock;
        this.changed = changed;
        this.settings = settings;
    }

    /** Returns when the session is over: whether the gateway has welcomed the node on it. */
    boolean hold(Session session, ManagedChannel channel, Credentials credentials)
            throws IOException, InterruptedException {
        long begun = clock.boot().millis();
        try {
            session.sendNow(hello());
            var welcome = welcome(session);
            if (welcome.isEmpty()) {
                session.end(Status.DEADLINE_EXCEEDED.withDescription("no welcome"));
                return false;
            }
            identity.accepted(credentials);
            var term = Duration.ofMillis(welcome.get().getLeaseMs());
            lease.renew(begun + term.toMillis());
            jobs.resynchronise(welcome.get().getTokensMap());
            LOG.log(
                    Level.INFO,
                    "welcomed after={0}ms",
                    Long.toString(clock.boot().millis() - begun));
            converse(session, channel, credentials, interval(welcome.get()), term);
            return true;
        } catch (SessionEnded e) {
            return false;
        }
    }

    private void converse(
            Session session, ManagedChannel channel, Credentials credentials, Duration interval, Duration term)
            throws InterruptedException {
        var heartbeats = new HeartbeatLoop(session, journal, facts, lease, clock, interval, term);
        var loops = new SessionLoops(session);
        loops.start("heartbeat", heartbeats);
        loops.start("pull", new PullLoop(session, jobs, journal, heartbeats, changed));
        loops.start("report", new ReportLoop(session, journal, clock.boot(), changed, settings.resend()));
        loops.start("renew", new RenewLoop(session, channel, identity, credentials, clock.wall(), settings.answer()));
        loops.join();
    }

    private Optional<Welcome> welcome(Session session) throws InterruptedException {
        var first = session.next(settings.answer());
        return first.filter(message -> message.hasWelcome()).map(message -> message.getWelcome());
    }

    private static Duration interval(Welcome welcome) {
        var interval = Duration.ofMillis(welcome.getHeartbeatMs());
        return interval.compareTo(FASTEST_HEARTBEAT) < 0 ? FASTEST_HEARTBEAT : interval;
    }

    private FromAgent hello() throws IOException {
        var hello = Hello.newBuilder()
                .setAgentVersion(agentVersion)
                .setBootId(clock.bootId())
                .addAllJobs(Messages.inHand(journal.open()))
                .addAllPlaybooks(playbooks.names());
        return FromAgent.newBuilder().setHello(hello).build();
    }
}
