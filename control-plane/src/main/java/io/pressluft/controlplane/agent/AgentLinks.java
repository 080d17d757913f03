package io.pressluft.controlplane.agent;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.pressluft.controlplane.job.JobDecided;
import io.pressluft.controlplane.job.JobFeed;
import io.pressluft.controlplane.job.JobTold;
import io.pressluft.controlplane.node.NodeClosed;
import io.pressluft.controlplane.node.Nodes;
import io.pressluft.protocol.time.Ticks;
import io.pressluft.protocol.v1.ToAgent;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionalEventListener;

/** The streams that are open on this replica, at most one per node: a newer one replaces an older. */
@Component
class AgentLinks {

    private static final Logger log = LoggerFactory.getLogger(AgentLinks.class);

    private final Map<String, AgentLink> open = new ConcurrentHashMap<>();

    /** With those that have not said hello. */
    private final Set<AgentLink> streams = ConcurrentHashMap.newKeySet();

    private final JobFeed feed;
    private final Nodes nodes;
    private final AgentWork work;
    private final AgentSettings settings;
    private final Clock clock;
    private final Ticks ticks;
    private final Listening listening;

    AgentLinks(
            JobFeed feed,
            Nodes nodes,
            AgentWork work,
            AgentSettings settings,
            Clock clock,
            Ticks ticks,
            Listening listening) {
        this.feed = feed;
        this.nodes = nodes;
        this.work = work;
        this.settings = settings;
        this.clock = clock;
        this.ticks = ticks;
        this.listening = listening;
    }

    AgentLink opened(String nodeId, String certificate, StreamObserver<ToAgent> toAgent) {
        var link = new AgentLink(nodeId, certificate, toAgent, work, settings, clock, ticks, this);
        streams.add(link);
        return link;
    }

    Set<AgentLink> streams() {
        return Set.copyOf(streams);
    }

    /** Called when the agent has said hello: from now on it gets the node's jobs. */
    void ready(AgentLink link) {
        var before = open.put(link.nodeId(), link);
        if (before != null && !before.equals(link)) {
            streams.remove(before);
            before.close(Status.ABORTED.withDescription("replaced by a newer stream"));
        }
        feed.subscribeNode(link.nodeId(), link::queued);
        log.info("node={} agent connected", link.nodeId());
    }

    void closed(AgentLink link) {
        streams.remove(link);
        if (open.remove(link.nodeId(), link)) {
            feed.unsubscribeNode(link.nodeId());
            log.info("node={} agent disconnected", link.nodeId());
        }
    }

    void room() {
        feed.nudge();
    }

    @TransactionalEventListener(fallbackExecution = true)
    void nodeClosed(NodeClosed closed) {
        var link = open.get(closed.nodeId());
        if (link != null) {
            expel(link, "node_decommissioned");
        }
    }

    /** Closes a stream that its agent must not have any more. */
    void expel(AgentLink link, String why) {
        link.close(Status.PERMISSION_DENIED.withDescription(why));
        closed(link);
    }

    /** Whoever holds the stream elsewhere tells the agent at its next heartbeat. */
    @TransactionalEventListener(fallbackExecution = true)
    void decided(JobDecided decided) {
        var job = decided.job();
        var verdict = job.verdict();
        for (var part : job.parts()) {
            var link = open.get(part.nodeId());
            if (link != null
                    && verdict != null
                    && part.state() != null
                    && part.state().inHand()) {
                link.send(AgentWork.verdict(job.id(), verdict));
            }
        }
    }

    /** Whoever holds the stream elsewhere finds it out at the agent's next heartbeat, as it is found out here if this fails. */
    @TransactionalEventListener(fallbackExecution = true)
    void told(JobTold told) {
        if (!told.action().equals("resolve")) {
            return;
        }
        for (var part : told.job().parts()) {
            var link = open.get(part.nodeId());
            if (link != null && part.state() != null && part.state().inHand()) {
                try {
                    work.recall(part.nodeId(), List.of(told.job().id()), link::send);
                } catch (DataAccessException e) {
                    log.warn("job={} its agent is told later: {}", told.job().id(), e.getMessage());
                }
            }
        }
    }

    /** Heartbeats reach PostgreSQL in one statement a second, however many there are. */
    @Scheduled(fixedDelay = 1_000)
    void storeHeartbeats() {
        try {
            nodes.heartbeats(open.values().stream()
                    .flatMap(link -> link.takeHeartbeat().stream())
                    .toList());
        } catch (DataAccessException | TransactionException e) {
            listening.interrupted();
            log.warn("Heartbeats could not be stored: {}", e.getMessage());
        }
    }
}
