package io.pressluft.controlplane.node;

import io.pressluft.controlplane.job.AgentJobType;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.protocol.proof.FrontPageClaim;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * {@code node_release}: the agent takes everything of Pressluft off its machine, itself last. Asked for by a
 * {@code node_decommission}, which holds the node meanwhile and moves its state.
 */
@Component
class NodeRelease implements AgentJobType {

    static final String TYPE = "node_release";
    static final Duration DEADLINE = Duration.ofMinutes(5);

    private final NodeStore nodes;

    NodeRelease(NodeStore nodes) {
        this.nodes = nodes;
    }

    @Override
    public JobTraits traits() {
        return JobTraits.part(TYPE, DEADLINE, Duration.ofMinutes(3)).toItsEnd();
    }

    @Override
    public void begin(Job job) {}

    @Override
    public void succeed(Job job) {
        nodes.setCleaned(job.requireNodeId());
    }

    @Override
    public void fail(Job job, JobFailure failure, boolean undone) {}

    @Override
    public Optional<FrontPageClaim> claim(Job job) {
        return Optional.empty();
    }

    /** The proof is that the machine refuses the managed key, and the agent goes after its report. */
    @Override
    public Optional<JobFailure> prove(Job job) {
        return Optional.empty();
    }
}
