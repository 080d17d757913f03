package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What operators may do to a job that is under way: each method is one transaction. */
@Service
class OperatorActions {

    private static final Logger log = LoggerFactory.getLogger(OperatorActions.class);

    private final JobStore store;
    private final JobTransitions transitions;
    private final JobTypes types;
    private final JobParts parts;
    private final JobRecorder recorder;
    private final JobQueue queue;
    private final JobHints hints;
    private final Endings endings;
    private final ApplicationEventPublisher events;

    OperatorActions(
            JobStore store,
            JobTransitions transitions,
            JobTypes types,
            JobParts parts,
            JobRecorder recorder,
            JobQueue queue,
            JobHints hints,
            Endings endings,
            ApplicationEventPublisher events) {
        this.store = store;
        this.transitions = transitions;
        this.types = types;
        this.parts = parts;
        this.recorder = recorder;
        this.queue = queue;
        this.hints = hints;
        this.endings = endings;
        this.events = events;
    }

    /** Has a job end without its change: at once when nobody has taken it, else by whoever has it. */
    @Transactional
    boolean cancel(String id, String by) {
        store.lock(id);
        var failure = JobFailure.of(ErrorCode.JOB_CANCELLED, "The job was cancelled by %s.".formatted(by), null);
        if (transitions.cancelQueued(id, by, failure)) {
            parts.giveUpWaiting(id);
            events.publishEvent(new JobTold(store.find(id).orElseThrow(), "cancel", by));
            endings.ended(id, JobState.CANCELLED, true);
            return true;
        }
        boolean allowed = store.find(id)
                .filter(job -> types.named(job.type()).traits().cancellable())
                .isPresent();
        if (!allowed || !transitions.tellToEnd(id, by, failure)) {
            return false;
        }
        parts.giveUpWaiting(id);
        var job = store.find(id).orElseThrow();
        recorder.event(id, "job", JobView.of(job));
        events.publishEvent(new JobTold(job, "cancel", by));
        events.publishEvent(new JobDecided(job));
        log.info("job={} type={} told to end by={}", id, job.type(), by);
        return true;
    }

    /**
     * Ends a stalled job by an operator's word. The site's token goes up with it, so that an agent that comes back does
     * nothing more for the job.
     */
    @Transactional
    boolean resolve(String id, String by) {
        var job = store.lock(id).orElseThrow(() -> JobException.notFound(id));
        var failure = JobFailure.of(
                ErrorCode.JOB_RESOLVED,
                "%s ended the job while it was stalled; what was done on the node is not known.".formatted(by),
                null);
        if (!transitions.resolve(id, failure)) {
            return false;
        }
        parts.abandon(id);
        if (job.siteId() != null && job.fencingToken() != null) {
            store.raiseToken(job.siteId());
        }
        events.publishEvent(new JobTold(job, "resolve", by));
        endings.ended(id, JobState.FAILED, false);
        return true;
    }

    /** Ends the pause before a repeat that an operator asks for. */
    @Transactional
    boolean hurry(String id, Requester requester) {
        if (!transitions.hurry(id, requester)) {
            return false;
        }
        var job = store.find(id).orElseThrow();
        events.publishEvent(new JobTold(job, "retry", requester.name()));
        hints.afterCommit(() -> queue.publish(job));
        return true;
    }
}
