package io.pressluft.controlplane.node;

import io.pressluft.controlplane.id.Ids;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.readiness.ReadinessCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Making, finding, choosing and removing nodes. */
@Service
public class Nodes {

    private final NodeStore store;
    private final NodeReadiness readiness;
    private final Jobs jobs;
    private final FirstAccessSecrets passwords;
    private final Ids ids;

    Nodes(NodeStore store, NodeReadiness readiness, Jobs jobs, FirstAccessSecrets passwords, Ids ids) {
        this.store = store;
        this.readiness = readiness;
        this.jobs = jobs;
        this.passwords = passwords;
        this.ids = ids;
    }

    /** A node and the job that made or removes it. */
    public record NodeJob(Node node, Job job) {}

    /** Writes the node and its job; everything that can go wrong later is the job's outcome. */
    @Transactional
    public NodeJob create(NewNode wanted, Requester requester) {
        var earlier = jobs.repeatOf(requester, NodeProvision.TYPE, job -> job.retryOf() == null);
        if (earlier.isPresent()) {
            return new NodeJob(get(earlier.get().requireNodeId()), earlier.get());
        }
        var id = ids.next("node");
        try {
            store.insert(id, wanted);
        } catch (DuplicateKeyException taken) {
            throw String.valueOf(taken.getMessage()).contains("node_server_in_use")
                    ? NodeException.serverTaken(wanted)
                    : NodeException.nameTaken(wanted.name());
        }
        if (wanted.oneTimePassword() != null) {
            passwords.keep(id, wanted.oneTimePassword());
        }
        var job = jobs.enqueue(NewJob.forNode(NodeProvision.TYPE, id, Map.of("node_id", id), requester));
        return new NodeJob(get(id), job);
    }

    /** Takes the node out of service and removes what Pressluft made. @throws NodeException while it has sites */
    @Transactional
    public NodeJob decommission(String id, Requester requester) {
        return decommission(id, false, requester);
    }

    /**
     * Takes the node out of service and removes what Pressluft made.
     *
     * @param abandon leaves a machine that exists apart from Pressluft as it is: for one that is gone or dead
     * @throws NodeException while it has sites
     */
    @Transactional
    public NodeJob decommission(String id, boolean abandon, Requester requester) {
        var node = get(id);
        var earlier = jobs.repeatOf(requester, NodeDecommission.TYPE, job -> id.equals(job.nodeId()));
        if (earlier.isPresent()) {
            return new NodeJob(node, earlier.get());
        }
        switch (node.state()) {
            case DECOMMISSIONED -> throw NodeException.gone(id);
            // The job that makes it is named to whoever comes in between.
            case ACQUIRING, PROVISIONING -> {}
            case READY, UNREACHABLE, DRAINING, FAILED -> {
                if (node.environments() > 0) {
                    throw NodeException.hasSites(node);
                }
            }
        }
        var job = jobs.enqueue(
                NewJob.forNode(NodeDecommission.TYPE, id, Map.of("node_id", id, "abandon", abandon), requester));
        return new NodeJob(get(id), job);
    }

    /** @throws NodeException when there is none */
    public Node get(String id) {
        return store.find(id).orElseThrow(() -> NodeException.notFound(id));
    }

    /** All that have not been decommissioned, oldest first. */
    public List<Node> list() {
        return store.all();
    }

    /**
     * The node a new site goes to: the named one, or the ready one with the lowest load.
     *
     * @throws NodeException naming the failing checks when it, or every candidate, is not ready
     */
    public Node choose(@org.jspecify.annotations.Nullable String named) {
        if (named != null) {
            var node = get(named);
            if (node.state() == NodeState.DECOMMISSIONED) {
                throw NodeException.gone(named);
            }
            requireReady(node);
            return node;
        }
        var unready = new LinkedHashMap<Node, List<ReadinessCheck>>();
        for (var node : store.candidates()) {
            var failing = readiness.failing(node);
            if (failing.isEmpty()) {
                return node;
            }
            unready.put(node, failing);
        }
        throw NodeException.noneReady(unready);
    }

    private void requireReady(Node node) {
        List<ReadinessCheck> failing = readiness.failing(node);
        if (!failing.isEmpty()) {
            throw NodeException.notReady(node, failing);
        }
    }

    /**
     * Has the node stay in service until the transaction has ended, so that nothing new is put on one that is being removed.
     *
     * @param wanted type of the job that needs it
     * @throws NodeException when it is not in service
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void keepInService(String id, String wanted) {
        if (!store.keepInService(id)) {
            throw NodeException.elsewhere(get(id), wanted);
        }
    }

    /** Whether an agent with a valid certificate of this node may connect. */
    public boolean mayConnect(String id) {
        return store.find(id)
                .filter(node -> node.state() != NodeState.DECOMMISSIONED)
                .isPresent();
    }

    /** Stores what the agents reported, in one statement. */
    @Transactional
    public void heartbeats(List<NodeHeartbeat> beats) {
        if (!beats.isEmpty()) {
            store.heartbeats(beats);
        }
    }
}
