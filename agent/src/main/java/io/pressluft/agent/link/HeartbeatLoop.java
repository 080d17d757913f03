package io.pressluft.agent.link;

import io.grpc.Status;
import io.pressluft.agent.facts.NodeFacts;
import io.pressluft.agent.job.JobClock;
import io.pressluft.agent.job.Journal;
import io.pressluft.agent.run.Lease;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.Heartbeat;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says that the node is alive, and learns from the answers that the gateway is. A lease counts from the moment its
 * heartbeat was sent: the gateway's own count cannot have begun before.
 */
final class HeartbeatLoop implements SessionLoop {

    private static final int LOST_AFTER = 4;
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(2);

    private final Session session;
    private final Journal journal;
    private final NodeFacts facts;
    private final Lease lease;
    private final JobClock clock;
    private final Duration interval;
    private final Duration leaseTerm;
    private final Map<Long, Long> sentAt = new ConcurrentHashMap<>();
    private volatile long newestAnswered;

    HeartbeatLoop(
            Session session,
            Journal journal,
            NodeFacts facts,
            Lease lease,
            JobClock clock,
            Duration interval,
            Duration leaseTerm) {
        this.session = session;
        this.journal = journal;
        this.facts = facts;
        this.lease = lease;
        this.clock = clock;
        this.interval = interval;
        this.leaseTerm = leaseTerm;
        this.newestAnswered = clock.boot().millis();
    }

    @Override
    public void run() throws SessionEnded, InterruptedException {
        long sequence = 0;
        do {
            long now = clock.boot().millis();
            if (silent(newestAnswered, interval, now)) {
                session.end(Status.UNAVAILABLE.withDescription("the gateway answers no heartbeat"));
                return;
            }
            sequence++;
            sentAt.put(sequence, now);
            session.sendNow(heartbeat(sequence));
        } while (!session.over().within(interval));
    }

    void seen(long sequence) {
        var sent = sentAt.remove(sequence);
        if (sent != null) {
            newestAnswered = Math.max(newestAnswered, sent);
            lease.renew(sent + leaseTerm.toMillis());
        }
    }

    /** Pure. Survives a few lost answers. */
    static boolean silent(long newestAnswered, Duration interval, long now) {
        return now - newestAnswered > Math.max(interval.toMillis() * LOST_AFTER, LEAST_PATIENCE.toMillis());
    }

    private FromAgent heartbeat(long sequence) {
        var now = facts.read();
        var heartbeat = Heartbeat.newBuilder()
                .setSequence(sequence)
                .setLoadMilli(now.loadMilli())
                .setMemoryTotalBytes(now.memoryTotalBytes())
                .setMemoryAvailableBytes(now.memoryAvailableBytes())
                .setDiskTotalBytes(now.diskTotalBytes())
                .setDiskFreeBytes(now.diskFreeBytes())
                .setEnvironments(now.environments())
                .setClockEpochMs(clock.wall().millis())
                .addAllJobs(Messages.inHand(journal.open()));
        return FromAgent.newBuilder().setHeartbeat(heartbeat).build();
    }
}
