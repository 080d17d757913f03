package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How jobs move and end, inside the caller's transaction: the job's row, the resource, the event and the next attempt are
 * written together or not at all.
 */
@Component
class Endings {

    private static final Logger log = LoggerFactory.getLogger(Endings.class);

    private final JobStore store;
    private final JobTransitions transitions;
    private final JobTypes types;
    private final JobRecorder recorder;
    private final Intake intake;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate nested;

    Endings(
            JobStore store,
            JobTransitions transitions,
            JobTypes types,
            JobRecorder recorder,
            Intake intake,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.transitions = transitions;
        this.types = types;
        this.recorder = recorder;
        this.intake = intake;
        this.events = events;
        this.nested = new TransactionTemplate(transactions);
        this.nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    boolean succeeded(String id) {
        if (!transitions.succeed(id)) {
            return false;
        }
        var job = store.find(id).orElseThrow(() -> JobException.notFound(id));
        recorder.event(id, "job", JobView.of(job));
        proved(List.of(job));
        return true;
    }

    /** What follows once rows and events of these jobs say that they have succeeded. */
    void proved(List<Job> jobs) {
        jobs.forEach(job -> logged(job, JobState.SUCCEEDED, "proved"));
        jobs.stream()
                .collect(Collectors.groupingBy(Job::type))
                .forEach((type, some) -> types.named(type).succeed(some));
        events.publishEvent(new JobsSettled(jobs));
    }

    /** A failure that was already decided on stands; the later report only says whether the undo worked. */
    boolean failed(String id, JobFailure reported, boolean undone) {
        if (undone && cancelled(id)) {
            return true;
        }
        var job = store.find(id).orElseThrow(() -> JobException.notFound(id));
        var failure = job.failure() == null ? reported : job.failure();
        boolean triedToUndo =
                !"commit".equals(job.verdict()) && !reported.code().equals(ErrorCode.NODE_GONE.code());
        if (!undone && triedToUndo) {
            failure = new JobFailure(
                    failure.code(),
                    failure.message() + " Undoing it failed too.",
                    failure.step(),
                    ErrorCode.UNDO_FAILED.remediation());
        }
        if (!transitions.fail(id, failure, undone)) {
            return false;
        }
        repeat(ended(id, JobState.FAILED, undone), failure, undone);
        return true;
    }

    /** A job that was told to end and has nothing left of its change is cancelled, whatever ended it. */
    private boolean cancelled(String id) {
        if (!transitions.cancelled(id)) {
            return false;
        }
        ended(id, JobState.CANCELLED, true);
        return true;
    }

    boolean rejected(String id, JobFailure failure) {
        if (!transitions.reject(id, failure)) {
            return false;
        }
        ended(id, JobState.REJECTED, true);
        return true;
    }

    /** What follows once the job's row says that it has ended without its change. */
    Job ended(String id, JobState state, boolean undone) {
        var failure = store.find(id).map(Job::failure).orElseThrow();
        recorder.endSteps(id, failure.code(), "The job ended while this step was under way.");
        var job = moved(id, state, null);
        types.named(job.type()).fail(job, Objects.requireNonNull(job.failure()), undone);
        events.publishEvent(new JobsSettled(List.of(job)));
        return job;
    }

    /** A failure that passes by itself is followed by the next attempt at once: the site is never free between the two. */
    private void repeat(Job job, JobFailure failure, boolean undone) {
        types.named(job.type())
                .traits()
                .retry()
                .pauseAfter(job.attempt(), failure, undone)
                .ifPresent(pause -> attempt(job, pause));
    }

    /** What refuses the next attempt, such as a node that is out of service by now, does not keep this one from ending. */
    private void attempt(Job job, Duration pause) {
        try {
            nested.executeWithoutResult(status -> intake.enqueue(NewJob.nextAttempt(job, pause)));
        } catch (CodedException refused) {
            log.info("job={} is not repeated: {}", job.id(), refused.getMessage());
        }
    }

    /**
     * Records that the job is in another state now.
     *
     * @param trigger for the log; absent for the failure's code
     */
    Job moved(String id, JobState to, @Nullable String trigger) {
        var job = store.find(id).orElseThrow(() -> JobException.notFound(id));
        recorder.event(id, "job", JobView.of(job));
        logged(job, to, trigger);
        return job;
    }

    /**
     * Writes the one line of a transition.
     *
     * @param trigger absent for the failure's code
     */
    static void logged(Job job, JobState to, @Nullable String trigger) {
        log.info(
                "job={} type={} site={} node={} to={} trigger={}",
                job.id(),
                job.type(),
                job.siteId(),
                job.nodeId(),
                to.text(),
                trigger != null
                        ? trigger
                        : job.failure() == null ? "" : job.failure().code());
    }
}
