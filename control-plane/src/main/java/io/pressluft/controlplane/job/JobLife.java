package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.ErrorCode;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The life of a job after it was written: each method is one transaction in which job and resource move together. A false
 * answer means that the job was elsewhere already; the caller's message was late or a repeat.
 */
@Service
public class JobLife {

    private static final Logger log = LoggerFactory.getLogger(JobLife.class);

    private final JobStore store;
    private final JobTransitions transitions;
    private final JobTypes types;
    private final JobRecorder recorder;
    private final Intake intake;
    private final JobQueue queue;
    private final JobHints hints;
    private final ApplicationEventPublisher events;

    JobLife(
            JobStore store,
            JobTransitions transitions,
            JobTypes types,
            JobRecorder recorder,
            Intake intake,
            JobQueue queue,
            JobHints hints,
            ApplicationEventPublisher events) {
        this.store = store;
        this.transitions = transitions;
        this.types = types;
        this.recorder = recorder;
        this.intake = intake;
        this.queue = queue;
        this.hints = hints;
        this.events = events;
    }

    /** Takes a queued job for a node's agent. Empty when somebody else has it. */
    @Transactional
    public Optional<Job> dispatch(String id, String nodeId) {
        return queued(id)
                .filter(job -> transitions.dispatch(id, nodeId, traits(job).deadline()))
                .map(job -> moved(job, JobState.DISPATCHED, "agent of " + nodeId));
    }

    @Transactional
    Optional<Job> dispatchToWorker(String id, String worker) {
        return queued(id)
                .filter(job ->
                        transitions.dispatchToWorker(id, worker, traits(job).deadline()))
                .map(job -> moved(job, JobState.DISPATCHED, worker));
    }

    @Transactional
    public boolean running(String id) {
        return transitions.run(id) && recorded(id, JobState.RUNNING, "accepted");
    }

    @Transactional
    public boolean verifying(String id, Map<String, String> outputs) {
        return transitions.verify(id, outputs) && recorded(id, JobState.VERIFYING, "applied");
    }

    @Transactional
    public boolean stalled(String id, String why) {
        return transitions.stall(id) && recorded(id, JobState.STALLED, why);
    }

    /** Records {@code commit}, or {@code undo} with its reason; the first decision stands and is returned. */
    @Transactional
    public String decide(String id, Optional<JobFailure> failure) {
        transitions.decide(id, failure.isPresent() ? "undo" : "commit", failure.orElse(null));
        var verdict = store.find(id).map(Job::verdict).orElse(null);
        return verdict == null ? "undo" : verdict;
    }

    @Transactional
    public boolean succeeded(String id) {
        if (!transitions.succeed(id)) {
            return false;
        }
        var job = moved(job(id), JobState.SUCCEEDED, "proved");
        types.named(job.type()).succeed(job);
        events.publishEvent(new JobSettled(job, JobState.SUCCEEDED));
        return true;
    }

    /** A failure that was already decided on stands; the later report only says whether the undo worked. */
    @Transactional
    public boolean failed(String id, JobFailure reported, boolean undone) {
        if (undone && cancelled(id)) {
            return true;
        }
        var decided = store.find(id).map(Job::failure).orElse(null);
        var failure = decided == null ? reported : decided;
        if (!undone) {
            failure = new JobFailure(
                    failure.code(),
                    failure.message() + " Undoing it failed too.",
                    failure.step(),
                    ErrorCode.UNDO_FAILED.remediation());
        }
        if (!transitions.fail(id, failure, undone)) {
            return false;
        }
        var job = moved(job(id), JobState.FAILED, failure.code());
        types.named(job.type()).fail(job, failure, undone);
        events.publishEvent(new JobSettled(job, JobState.FAILED));
        repeat(job, failure, undone);
        return true;
    }

    /** A failure that passes by itself is followed by the next attempt in the same transaction: the site is never free between. */
    private void repeat(Job job, JobFailure failure, boolean undone) {
        traits(job)
                .retry()
                .pauseAfter(job.attempt(), failure, undone)
                .ifPresent(pause -> intake.enqueue(NewJob.nextAttempt(job, pause)));
    }

    /** Ends the pause before a repeat. */
    @Transactional
    boolean hurry(String id) {
        if (!transitions.hurry(id)) {
            return false;
        }
        var job = job(id);
        hints.afterCommit(() -> queue.publish(job));
        return true;
    }

    /** A job that was told to end and has nothing left of its change is cancelled, whatever ended it. */
    private boolean cancelled(String id) {
        if (store.find(id).map(Job::cancelledBy).isEmpty()) {
            return false;
        }
        transitions.run(id); // a stalled job whose agent is heard of again
        if (!transitions.cancelled(id)) {
            return false;
        }
        ended(id, JobState.CANCELLED, true);
        return true;
    }

    /** Has a job end without its change: at once when nobody has taken it, else by whoever has it. */
    @Transactional
    public boolean cancel(String id, String by) {
        var failure = JobFailure.of(ErrorCode.JOB_CANCELLED, "The job was cancelled by %s.".formatted(by), null);
        if (transitions.cancelQueued(id, by, failure)) {
            ended(id, JobState.CANCELLED, true);
            return true;
        }
        if (!transitions.tellToEnd(id, by, failure)) {
            return false;
        }
        var job = job(id);
        recorder.event(id, "job", JobView.of(job, false, null));
        events.publishEvent(new JobTold(job, "cancel", by));
        log.info("job={} type={} told to end by={}", id, job.type(), by);
        return true;
    }

    /**
     * Ends a stalled job by an operator's word. The site's token goes up with it, so that an agent that comes back does
     * nothing more for the job.
     */
    @Transactional
    public boolean resolve(String id, String by) {
        var job = job(id);
        var failure = JobFailure.of(
                ErrorCode.JOB_RESOLVED,
                "%s ended the job while its agent was silent; what it had done is not known.".formatted(by),
                null);
        if (!transitions.resolve(id, failure)) {
            return false;
        }
        if (job.siteId() != null && job.fencingToken() != null) {
            store.nextToken(job.siteId());
        }
        events.publishEvent(new JobTold(job, "resolve", by));
        ended(id, JobState.FAILED, false);
        return true;
    }

    private void ended(String id, JobState state, boolean undone) {
        var found = job(id);
        var failure = java.util.Objects.requireNonNull(found.failure());
        var job = moved(found, state, failure.code());
        types.named(job.type()).fail(job, failure, undone);
        events.publishEvent(new JobSettled(job, state));
    }

    @Transactional
    public boolean rejected(String id, JobFailure failure) {
        if (!transitions.reject(id, failure)) {
            return false;
        }
        var job = moved(job(id), JobState.REJECTED, failure.code());
        types.named(job.type()).fail(job, failure, true);
        events.publishEvent(new JobSettled(job, JobState.REJECTED));
        return true;
    }

    private Optional<Job> queued(String id) {
        return store.find(id).filter(job -> job.state() == JobState.QUEUED);
    }

    private JobTraits traits(Job job) {
        return types.named(job.type()).traits();
    }

    private Job job(String id) {
        return store.find(id).orElseThrow(() -> JobException.notFound(id));
    }

    private boolean recorded(String id, JobState to, String trigger) {
        moved(job(id), to, trigger);
        return true;
    }

    private Job moved(Job job, JobState to, String trigger) {
        var after = job(job.id());
        recorder.event(job.id(), "job", JobView.of(after, false, null));
        log.info(
                "job={} type={} site={} node={} to={} trigger={}",
                job.id(),
                job.type(),
                job.siteId(),
                job.nodeId(),
                to.text(),
                trigger);
        return after;
    }
}
