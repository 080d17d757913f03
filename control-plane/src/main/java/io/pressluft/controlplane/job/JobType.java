package io.pressluft.controlplane.job;

import java.util.List;

/**
 * How a feature contributes a kind of job and moves its own state with it.
 *
 * <p>{@code begin}, {@code succeed} and {@code fail} run inside the job's transaction: they and the job's own
 * transition are committed together or not at all. Each is a guarded update; a resource that is elsewhere than
 * expected is an exception and rolls the transition back.
 */
public sealed interface JobType permits AgentJobType, WorkerJobType {

    JobTraits traits();

    /** Moves the resource into its in-progress state. @throws io.pressluft.controlplane.error.CodedException to refuse */
    void begin(Job job);

    /** The same for several jobs of this type, none of them about the same resource. */
    default void begin(List<Job> jobs) {
        jobs.forEach(this::begin);
    }

    /** Moves the resource to where a proven change leaves it. */
    void succeed(Job job);

    /** The same for several jobs of this type, none of them about the same resource. */
    default void succeed(List<Job> jobs) {
        jobs.forEach(this::succeed);
    }

    /** @param undone whether nothing of the change is left */
    void fail(Job job, JobFailure failure, boolean undone);
}
