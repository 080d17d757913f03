package io.pressluft.controlplane.job;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The life of a job that the control plane does itself: each method is one transaction. */
@Service
class WorkerLife {

    private final WorkerTransitions own;
    private final JobTransitions transitions;
    private final JobTypes types;
    private final JobHints hints;
    private final JobRecorder recorder;
    private final Endings endings;

    WorkerLife(
            WorkerTransitions own,
            JobTransitions transitions,
            JobTypes types,
            JobHints hints,
            JobRecorder recorder,
            Endings endings) {
        this.own = own;
        this.transitions = transitions;
        this.types = types;
        this.hints = hints;
        this.recorder = recorder;
        this.endings = endings;
    }

    /** Takes at most {@code most} queued jobs, the oldest ones, for a worker of this replica, which begins at once. */
    @Transactional
    List<Job> take(String worker, int most) {
        return begun(own.dispatch(most, types.ofWorkers(), worker), worker);
    }

    /** Takes those of these jobs that still wait, for a worker of this replica, which begins at once. */
    @Transactional
    List<Job> take(List<String> ids, String worker) {
        return begun(own.dispatch(ids, types.ofWorkers(), worker), worker);
    }

    private List<Job> begun(List<Job> dispatched, String worker) {
        if (dispatched.isEmpty()) {
            return dispatched;
        }
        var running = dispatched.stream()
                .map(job -> job.moved(JobState.RUNNING, Objects.requireNonNull(job.startedAt())))
                .toList();
        own.run(running);
        running.forEach(job -> Endings.logged(job, JobState.RUNNING, worker));
        told(running);
        return running;
    }

    private void told(List<Job> moved) {
        hints.afterCommit(() -> moved.forEach(job -> hints.changed(job.id())));
    }

    /** A job that another replica's worker had is begun once more. */
    @Transactional
    boolean resumed(String id) {
        recorder.endSteps(id, null, "Its worker was lost; the work begins once more.");
        if (!transitions.run(id)) {
            return false;
        }
        endings.moved(id, JobState.RUNNING, "resumed");
        return true;
    }

    /**
     * The work of these jobs has returned, and with it the proof.
     *
     * @return ids of those that have succeeded; the others are another worker's by now, or were told to end
     */
    @Transactional
    Set<String> done(List<Job> finished, String worker) {
        var verified = own.verify(finished.stream().map(Job::id).toList(), worker);
        var succeeded = finished.stream()
                .filter(job -> verified.containsKey(job.id()))
                .map(job -> job.moved(JobState.SUCCEEDED, Objects.requireNonNull(verified.get(job.id()))))
                .toList();
        if (!succeeded.isEmpty()) {
            own.succeed(succeeded);
            endings.proved(succeeded);
            told(succeeded);
        }
        return verified.keySet();
    }

    @Transactional
    boolean failed(String id, String worker, JobFailure failure) {
        return transitions.seen(id, worker) && endings.failed(id, failure, true);
    }
}
