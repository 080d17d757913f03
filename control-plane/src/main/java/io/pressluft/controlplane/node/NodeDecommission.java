package io.pressluft.controlplane.node;

import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.job.WorkerJobType;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.trust.EnrolmentTokens;
import io.pressluft.controlplane.trust.NodeCertificates;
import java.time.Duration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** {@code node_decommission}: the node's identity is revoked and what its provider made is removed. */
@Component
class NodeDecommission implements WorkerJobType {

    static final String TYPE = "node_decommission";

    private final NodeStore nodes;
    private final NodeAcquisition acquisition;
    private final NodeCertificates certificates;
    private final EnrolmentTokens tokens;
    private final Jobs jobs;
    private final ApplicationEventPublisher events;
    private final MachineCleaning cleaning;

    NodeDecommission(
            NodeStore nodes,
            NodeAcquisition acquisition,
            NodeCertificates certificates,
            EnrolmentTokens tokens,
            Jobs jobs,
            ApplicationEventPublisher events,
            MachineCleaning cleaning) {
        this.nodes = nodes;
        this.acquisition = acquisition;
        this.certificates = certificates;
        this.tokens = tokens;
        this.jobs = jobs;
        this.events = events;
        this.cleaning = cleaning;
    }

    @Override
    public JobTraits traits() {
        return JobTraits.exclusive(TYPE, Duration.ofMinutes(10), NodeRelease.DEADLINE.plusMinutes(1))
                .toItsEnd();
    }

    /** Asks once more for what {@link Nodes} asked: a repeat comes without it. */
    @Override
    public void begin(Job job) {
        boolean moved = nodes.move(
                job.requireNodeId(),
                NodeState.DRAINING,
                null,
                NodeState.READY,
                NodeState.UNREACHABLE,
                NodeState.FAILED,
                NodeState.DRAINING);
        var node = node(job);
        if (!moved) {
            throw NodeException.elsewhere(node, TYPE);
        }
        if (node.environments() > 0) {
            throw NodeException.hasSites(node);
        }
    }

    private Node node(Job job) {
        return nodes.find(job.requireNodeId()).orElseThrow(() -> NodeException.notFound(job.requireNodeId()));
    }

    @Override
    public void succeed(Job job) {
        if (!nodes.move(job.requireNodeId(), NodeState.DECOMMISSIONED, null, NodeState.DRAINING)) {
            throw NodeException.elsewhere(node(job), TYPE);
        }
    }

    @Override
    public void fail(Job job, JobFailure failure, boolean undone) {
        nodes.move(job.requireNodeId(), NodeState.FAILED, failure.code(), NodeState.DRAINING);
    }

    @Override
    public void run(Job job, WorkLog log) throws InterruptedException {
        var node = node(job);
        boolean owned = node.source().equals("local");
        if (owned || Boolean.TRUE.equals(job.payload().get("abandon"))) {
            revoke(job, log);
            if (owned) {
                release(node, log);
            } else {
                log.log("the machine is left as it is");
            }
            return;
        }
        cleaning.clean(node, job, log);
        release(node, log);
        revoke(job, log);
    }

    private void revoke(Job job, WorkLog log) {
        var id = job.requireNodeId();
        log.step("Revoke the node's identity", () -> {
            certificates.revokeAll(id, job.requestedBy());
            tokens.forget(id);
            events.publishEvent(new NodeClosed(id));
            jobs.forgetNode(id, job.requestedBy());
            return true;
        });
    }

    private void release(Node node, WorkLog log) throws InterruptedException {
        try {
            acquisition.release(node, log);
        } catch (ProviderException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (node.source().equals("local")
                    || node.acquired()
                    || failed.code().equals("release_incomplete")) {
                throw NodeException.of(failed);
            }
            log.log("%s Nothing but the managed key can have been put there; see that authorized_keys is without it."
                    .formatted(failed.getMessage()));
        }
    }
}
