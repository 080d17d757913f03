package io.pressluft.controlplane.node;

import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFilter;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.provisioning.Playbooks;
import io.pressluft.controlplane.provisioning.SshHost;
import io.pressluft.protocol.time.Elapsed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes everything of Pressluft off a machine that goes back to its owner: by its agent, or over SSH while the key has not
 * been narrowed yet. The two run the same playbooks.
 */
@Component
class MachineCleaning {

    private static final Duration AGENT = Duration.ofSeconds(45);
    private static final long LOOK_MS = 300;

    /** Repeated decommissionings lie between; what lies further back says nothing of the machine as it is. */
    private static final int RECENT = 20;

    private final NodeStore nodes;
    private final NodeAcquisition acquisition;
    private final Playbooks playbooks;
    private final Jobs jobs;
    private final TransactionTemplate transactions;

    MachineCleaning(
            NodeStore nodes,
            NodeAcquisition acquisition,
            Playbooks playbooks,
            Jobs jobs,
            TransactionTemplate transactions) {
        this.nodes = nodes;
        this.acquisition = acquisition;
        this.playbooks = playbooks;
        this.jobs = jobs;
        this.transactions = transactions;
    }

    /** @param job the decommissioning on whose behalf this is done */
    void clean(Node node, Job job, WorkLog log) throws InterruptedException {
        if (nodes.cleaned(node.id())) {
            log.log("everything was taken off the machine before");
        } else if (nodes.narrowed(node.id())) {
            byAgent(node, job, log);
        } else if (node.acquired()) {
            overSsh(node, log);
            nodes.setCleaned(node.id());
        }
    }

    private void overSsh(Node node, WorkLog log) throws InterruptedException {
        var host = new SshHost(
                node.requireAddress(),
                node.sshPort(),
                Objects.requireNonNullElse(node.sshUser(), "root"),
                Path.of(Objects.requireNonNullElse(node.sshKeyPath(), "")),
                Objects.requireNonNullElse(node.hostKey(), ""));
        playbooks.run("node-release", host, variables(node), log);
        playbooks.run("node-release-commit", host, variables(node), log);
    }

    private void byAgent(Node node, Job job, WorkLog log) {
        if (underWay(node)) {
            log.log(
                    "an agent that was told to leave is gone before its report came; the key's refusal says whether it did");
            return;
        }
        log.step("Wait for the agent", () -> {
            await(AGENT, () -> nodes.find(node.id()).map(Node::online).orElse(false), NodeException.agentOffline(node));
            return true;
        });
        log.step("Let the agent take everything off the machine", () -> {
            var child = enqueue(node, job);
            log.log("see job %s".formatted(child.id()));
            await(
                    NodeRelease.DEADLINE,
                    () -> jobs.get(child.id()).state().terminal(),
                    NodeException.agentOffline(node));
            var ended = jobs.get(child.id());
            if (ended.state() != JobState.SUCCEEDED) {
                throw NodeException.notReleased(node, ended);
            }
            return true;
        });
    }

    /** Whether an earlier decommissioning set the agent to it, and nothing was heard of either since. */
    private boolean underWay(Node node) {
        return !node.online()
                && jobs.list(JobFilter.ofNode(node.id()), RECENT).stream()
                        .filter(job -> !job.type().equals(NodeDecommission.TYPE))
                        .findFirst()
                        .filter(job -> job.type().equals(NodeRelease.TYPE))
                        .filter(job -> job.startedAt() != null && !job.state().terminal())
                        .isPresent();
    }

    /** The decommissioning's id is the key: run again after a crash it finds the job that it had asked for. */
    private Job enqueue(Node node, Job job) {
        var requester = new Requester(job.requestedBy(), job.id());
        return Objects.requireNonNull(transactions.execute(status -> jobs.repeatOf(
                        requester, NodeRelease.TYPE, earlier -> node.id().equals(earlier.nodeId()))
                .orElseGet(
                        () -> jobs.enqueue(NewJob.forNode(NodeRelease.TYPE, node.id(), variables(node), requester)))));
    }

    private Map<String, Object> variables(Node node) {
        return Map.of(
                "node_id",
                node.id(),
                "node_ssh_user",
                Objects.requireNonNullElse(node.sshUser(), "root"),
                "node_ssh_public_key",
                acquisition.publicKey());
    }

    private void await(Duration patience, BooleanSupplier condition, NodeException otherwise)
            throws InterruptedException {
        var waited = Elapsed.begin();
        var never = new CountDownLatch(1);
        while (!condition.getAsBoolean()) {
            if (waited.exceeds(patience)) {
                throw otherwise;
            }
            never.await(LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }
}
