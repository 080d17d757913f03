package io.pressluft.controlplane.job;

import io.pressluft.protocol.proof.FrontPageClaim;
import java.util.Optional;

/** A job that the node's agent pulls and runs as a playbook. */
public non-sealed interface AgentJobType extends JobType {

    /** What the environment's front page must prove, on the node and from outside; empty when there is nothing to prove. */
    Optional<FrontPageClaim> claim(Job job);

    /**
     * Proves the applied change from outside. Called without a transaction, may take seconds.
     *
     * @return the failure, or empty when the change is proven
     */
    Optional<JobFailure> prove(Job job) throws InterruptedException;
}
