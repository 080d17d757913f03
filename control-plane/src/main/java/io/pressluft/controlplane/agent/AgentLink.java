package io.pressluft.controlplane.agent;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.node.NodeHeartbeat;
import io.pressluft.protocol.time.Ticks;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.Heartbeat;
import io.pressluft.protocol.v1.HeartbeatSeen;
import io.pressluft.protocol.v1.Hello;
import io.pressluft.protocol.v1.PhaseReport;
import io.pressluft.protocol.v1.ReportSeen;
import io.pressluft.protocol.v1.ToAgent;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream of one agent. Messages arrive one at a time, in order; sending is safe from any thread. */
final class AgentLink {

    private static final Logger log = LoggerFactory.getLogger(AgentLink.class);
    private static final double MILLI = 1000.0;
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+-]{0,63}");

    /** An offer that was lost on its way is found after so many heartbeats, although the node seems to be idle. */
    private static final int IDLE_BEATS = 4;

    private final String nodeId;
    private final String certificate;
    private final StreamObserver<ToAgent> toAgent;
    private final AgentWork work;
    private final AgentSettings settings;
    private final Clock clock;
    private final Ticks ticks;
    private final AgentLinks links;
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();
    private final Set<String> exclusive = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable NodeHeartbeat> newest = new AtomicReference<>();
    private volatile String agentVersion = "";
    private long beats;
    private @Nullable Long lookedAt;

    AgentLink(
            String nodeId,
            String certificate,
            StreamObserver<ToAgent> toAgent,
            AgentWork work,
            AgentSettings settings,
            Clock clock,
            Ticks ticks,
            AgentLinks links) {
        this.nodeId = nodeId;
        this.certificate = certificate;
        this.toAgent = toAgent;
        this.work = work;
        this.settings = settings;
        this.clock = clock;
        this.ticks = ticks;
        this.links = links;
    }

    String nodeId() {
        return nodeId;
    }

    /** The serial number of the certificate with which it was opened. */
    String certificate() {
        return certificate;
    }

    void received(FromAgent message) {
        switch (message.getMessageCase()) {
            case HELLO -> hello(message.getHello());
            case HEARTBEAT -> heartbeat(message.getHeartbeat());
            case ANSWER -> {
                if (!work.answered(nodeId, message.getAnswer())) {
                    done(message.getAnswer().getJobId());
                }
            }
            case STEP -> work.step(nodeId, message.getStep());
            case LOG -> work.log(nodeId, message.getLog());
            case REPORT -> report(message.getReport());
            case MESSAGE_NOT_SET -> log.warn("node={} sent a message of a newer protocol", nodeId);
        }
    }

    private void hello(Hello hello) {
        // It is stored with the heartbeats of all nodes in one statement, which one strange text must not spoil.
        agentVersion = VERSION.matcher(hello.getAgentVersion()).matches() ? hello.getAgentVersion() : "unknown";
        send(work.welcome(nodeId));
        holding();
        work.greeted(nodeId, hello.getJobsList(), this::send);
        links.ready(this);
    }

    private void heartbeat(Heartbeat beat) {
        newest.set(new NodeHeartbeat(
                nodeId,
                agentVersion,
                beat.getLoadMilli() / MILLI,
                beat.getMemoryAvailableBytes(),
                beat.getDiskFreeBytes(),
                beat.getClockEpochMs() - clock.millis(),
                beat.getEnvironments()));
        send(ToAgent.newBuilder()
                .setHeartbeatSeen(HeartbeatSeen.newBuilder().setSequence(beat.getSequence()))
                .build());
        beats++;
        boolean look = !inHand.isEmpty() || beat.getJobsCount() > 0 || beats % IDLE_BEATS == 0;
        if (look && due() && AgentWork.toRepeat(nodeId, holding(), beat.getJobsList())) {
            work.resume(nodeId, beat.getJobsList(), this::send);
        }
    }

    /** An agent that sends heartbeats faster than it was told to does not make the database work harder. */
    private boolean due() {
        long now = ticks.nanos();
        if (lookedAt != null
                && now - lookedAt < settings.heartbeat().dividedBy(2).toNanos()) {
            return false;
        }
        lookedAt = now;
        return true;
    }

    /** What the node has in hand, as the database knows it. */
    private List<Job> holding() {
        var held = work.inHand(nodeId);
        var ids = held.stream().map(Job::id).collect(Collectors.toSet());
        inHand.addAll(ids);
        inHand.retainAll(ids);
        held.stream().filter(Job::exclusive).map(Job::id).forEach(exclusive::add);
        exclusive.retainAll(ids);
        return held;
    }

    private void report(PhaseReport report) {
        boolean ended = work.reported(nodeId, report);
        send(ToAgent.newBuilder()
                .setReportSeen(
                        ReportSeen.newBuilder().setJobId(report.getJobId()).setPhase(report.getPhase()))
                .build());
        if (ended) {
            done(report.getJobId());
        }
    }

    private void done(String jobId) {
        inHand.remove(jobId);
        exclusive.remove(jobId);
        links.room();
    }

    /** A queued job of this node was seen. It is offered if there is room, which the database decides, and nobody else has it. */
    void queued(String jobId, @Nullable String type) {
        if (full(type) || !inHand.add(jobId)) {
            return;
        }
        try {
            work.take(nodeId, jobId).ifPresentOrElse(offer -> offer(jobId, offer), () -> inHand.remove(jobId));
        } catch (RuntimeException e) {
            inHand.remove(jobId);
            log.warn("job={} could not be taken: {}", jobId, e.getMessage());
        }
    }

    /** Spares the database a question; jobs of unknown type are asked for as long as there may be room. */
    private boolean full(@Nullable String type) {
        int most = settings.parallelJobs();
        int exclusives = exclusive.size();
        int others = inHand.size() - exclusives;
        if (type == null) {
            return exclusives >= most && others >= most;
        }
        return (work.exclusive(type) ? exclusives : others) >= most;
    }

    private void offer(String jobId, ToAgent offer) {
        if (offer.getOffer().getFencingToken() > 0) {
            exclusive.add(jobId);
        }
        inHand.add(jobId); // a look at the database that began before the job was taken may have removed it
        send(offer);
    }

    Optional<NodeHeartbeat> takeHeartbeat() {
        return Optional.ofNullable(newest.getAndSet(null));
    }

    /** Losing a message here is harmless: a stream that fails is followed by another that resumes from PostgreSQL. */
    synchronized void send(ToAgent message) {
        try {
            toAgent.onNext(message);
        } catch (RuntimeException closed) {
            log.debug("node={} stream closed while sending", nodeId);
        }
    }

    synchronized void close(Status status) {
        try {
            if (status.isOk()) {
                toAgent.onCompleted();
            } else {
                toAgent.onError(status.asRuntimeException());
            }
        } catch (RuntimeException closed) {
            log.debug("node={} stream closed already", nodeId);
        }
    }
}
