package io.pressluft.controlplane.job;

import io.pressluft.protocol.proof.FrontPageClaim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** What the gateway needs to know about the jobs that agents run. */
@Service
public class AgentJobs {

    private final JobStore store;
    private final JobTypes types;

    AgentJobs(JobStore store, JobTypes types) {
        this.store = store;
        this.types = types;
    }

    /** Jobs of the node that were handed out and have not ended. */
    public List<Job> inHand(String nodeId) {
        return store.inHand(nodeId);
    }

    /** The newest fencing token of every site that has jobs on the node. */
    public Map<String, Long> tokensOn(String nodeId) {
        return store.tokensOn(nodeId);
    }

    /** How long one step of the job may take. */
    public Duration stepDeadline(Job job) {
        return typeOf(job).traits().step();
    }

    /** What is left of the job's time, by the database's clock; negative when it is over. */
    public Duration left(Job job) {
        return store.left(job.id());
    }

    public Optional<FrontPageClaim> claim(Job job) {
        return typeOf(job).claim(job);
    }

    /** The reason against the applied change, if there is one. May take seconds. */
    public Optional<JobFailure> prove(Job job) throws InterruptedException {
        return typeOf(job).prove(job);
    }

    /** Whether jobs of the type change their site or node. */
    public boolean exclusive(String type) {
        return types.named(type).traits().exclusive();
    }

    private AgentJobType typeOf(Job job) {
        return switch (types.named(job.type())) {
            case AgentJobType type -> type;
            case WorkerJobType type -> throw new IllegalStateException("agents do not run " + job.type());
        };
    }
}
