package io.pressluft.controlplane.job;

import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The life of a job that the control plane does itself: each method is one transaction. */
@Service
class WorkerLife {

    private final JobStore store;
    private final JobTransitions transitions;
    private final JobTypes types;
    private final Endings endings;

    WorkerLife(JobStore store, JobTransitions transitions, JobTypes types, Endings endings) {
        this.store = store;
        this.transitions = transitions;
        this.types = types;
        this.endings = endings;
    }

    /** Takes a queued job for a worker of this replica, which begins at once. Empty when somebody else has it. */
    @Transactional
    Optional<Job> take(String id, String worker) {
        return store.find(id)
                .filter(job -> job.state() == JobState.QUEUED)
                .filter(job -> transitions.dispatchToWorker(
                        id, worker, types.named(job.type()).traits().deadline()))
                .map(job -> {
                    endings.moved(id, JobState.DISPATCHED, worker);
                    transitions.run(id);
                    return endings.moved(id, JobState.RUNNING, "accepted");
                });
    }

    /** A job that another replica's worker had is begun once more. */
    @Transactional
    boolean resumed(String id) {
        if (!transitions.run(id)) {
            return false;
        }
        endings.moved(id, JobState.RUNNING, "resumed");
        return true;
    }

    /** The work has returned, and with it the proof. False when the job is another worker's by now, or was told to end. */
    @Transactional
    boolean done(String id, String worker) {
        if (!transitions.seen(id, worker)) {
            return false;
        }
        if (transitions.verify(id)) {
            endings.moved(id, JobState.VERIFYING, "applied");
        }
        return endings.succeeded(id);
    }

    @Transactional
    boolean failed(String id, String worker, JobFailure failure) {
        return transitions.seen(id, worker) && endings.failed(id, failure, true);
    }
}
