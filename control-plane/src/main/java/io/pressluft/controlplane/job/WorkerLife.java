package io.pressluft.controlplane.job;

import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The life of a job that the control plane does itself: each method is one transaction. */
@Service
class WorkerLife {

    private final WorkerTransitions own;
    private final JobTransitions transitions;
    private final JobTypes types;
    private final JobHints hints;
    private final Endings endings;

    WorkerLife(WorkerTransitions own, JobTransitions transitions, JobTypes types, JobHints hints, Endings endings) {
        this.own = own;
        this.transitions = transitions;
        this.types = types;
        this.hints = hints;
        this.endings = endings;
    }

    /** Takes at most {@code most} queued jobs, the oldest ones, for a worker of this replica, which begins at once. */
    @Transactional
    List<Job> take(String worker, int most) {
        var dispatched = own.dispatch(types.ofWorkers(), worker, most);
        if (dispatched.isEmpty()) {
            return dispatched;
        }
        var running = dispatched.stream()
                .map(job -> job.moved(JobState.RUNNING, Objects.requireNonNull(job.startedAt())))
                .toList();
        own.run(dispatched, running);
        for (var job : running) {
            Endings.logged(job, JobState.DISPATCHED, worker);
            Endings.logged(job, JobState.RUNNING, "accepted");
            hints.afterCommit(() -> hints.changed(job.id()));
        }
        return running;
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
        var verified = own.verify(id, worker);
        verified.ifPresent(found -> {
            var succeeded = found.job().moved(JobState.SUCCEEDED, found.at());
            own.succeed(found.job(), succeeded);
            Endings.logged(succeeded, JobState.VERIFYING, "applied");
            endings.proved(succeeded);
            hints.afterCommit(() -> hints.changed(id));
        });
        return verified.isPresent();
    }

    @Transactional
    boolean failed(String id, String worker, JobFailure failure) {
        return transitions.seen(id, worker) && endings.failed(id, failure, true);
    }
}
