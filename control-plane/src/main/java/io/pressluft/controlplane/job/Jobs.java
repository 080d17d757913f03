package io.pressluft.controlplane.job;

import io.pressluft.controlplane.id.Ids;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writing jobs down, reading them, and repeating those that ended badly. */
@Service
public class Jobs {

    private static final Logger log = LoggerFactory.getLogger(Jobs.class);

    private final JobStore store;
    private final JobTypes types;
    private final JobRecorder recorder;
    private final JobQueue queue;
    private final JobHints hints;
    private final JobLife life;
    private final Ids ids;
    private final ApplicationEventPublisher events;

    Jobs(
            JobStore store,
            JobTypes types,
            JobRecorder recorder,
            JobQueue queue,
            JobHints hints,
            JobLife life,
            Ids ids,
            ApplicationEventPublisher events) {
        this.store = store;
        this.types = types;
        this.recorder = recorder;
        this.queue = queue;
        this.hints = hints;
        this.life = life;
        this.ids = ids;
        this.events = events;
    }

    /**
     * In the caller's transaction: raises the site's fencing token, writes the job, moves the resource. The job is handed
     * to Redis only after the commit.
     *
     * @throws JobException when another exclusive job of the site or node is unfinished
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Job enqueue(NewJob wanted) {
        var type = types.named(wanted.type());
        var traits = type.traits();
        Long token = traits.exclusive() && wanted.siteId() != null ? (Long) store.nextToken(wanted.siteId()) : null;
        if (traits.exclusive()) {
            refuseWhileBusy(wanted);
        }
        var id = ids.next("job");
        try {
            store.insert(id, wanted, traits.exclusive(), token);
        } catch (DuplicateKeyException lostTheRace) {
            throw busyOr(lostTheRace, wanted);
        }
        var job = get(id);
        type.begin(job);
        recorder.event(id, "job", JobView.of(job, false, null));
        events.publishEvent(new JobQueued(job));
        hints.afterCommit(() -> queue.publish(job));
        log.info("job={} type={} site={} node={} to=queued", id, job.type(), job.siteId(), job.nodeId());
        return job;
    }

    private void refuseWhileBusy(NewJob wanted) {
        store.unfinishedExclusive(wanted.siteId(), wanted.nodeId()).ifPresent(by -> {
            throw busy(wanted, by);
        });
    }

    private RuntimeException busyOr(DuplicateKeyException race, NewJob wanted) {
        var text = String.valueOf(race.getMessage());
        return text.contains("one_unfinished_exclusive_job_per_site")
                ? JobException.siteBusy(String.valueOf(wanted.siteId()), "unknown", "started at the same moment")
                : text.contains("one_unfinished_exclusive_job_per_node")
                        ? JobException.nodeBusy(
                                String.valueOf(wanted.nodeId()), "unknown", "started at the same moment")
                        : race;
    }

    private static JobException busy(NewJob wanted, Job by) {
        return wanted.siteId() != null
                ? JobException.siteBusy(wanted.siteId(), by.id(), by.type())
                : JobException.nodeBusy(String.valueOf(wanted.nodeId()), by.id(), by.type());
    }

    /**
     * The job that the requester's idempotency key already names. In a transaction, another request with the same key
     * waits here for its end.
     *
     * @param same whether a job of the type is about the same thing
     * @throws JobException when the key named a different request
     */
    public Optional<Job> repeatOf(Requester requester, String type, Predicate<Job> same) {
        if (requester.idempotencyKey() == null) {
            return Optional.empty();
        }
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            store.lockKey(requester.name(), requester.idempotencyKey());
        }
        var earlier = store.byKey(requester.name(), requester.idempotencyKey());
        earlier.filter(job -> !job.type().equals(type) || !same.test(job)).ifPresent(job -> {
            throw JobException.keyReused(String.valueOf(requester.idempotencyKey()));
        });
        return earlier;
    }

    /** A new job with a new token for the same intent. */
    @Transactional
    public Job retry(String id, Requester requester) {
        var job = get(id);
        if (!retryable(job)) {
            throw JobException.notRetryable(job);
        }
        var earlier = repeatOf(requester, job.type(), repeat -> id.equals(repeat.retryOf()));
        return earlier.orElseGet(() -> enqueue(new NewJob(
                job.type(), job.siteId(), job.environmentId(), job.nodeId(), job.payload(), requester, job.id())));
    }

    /** Has the job end without its change. @throws JobException when it is too late, or the job is stalled */
    public Job cancel(String id, String by) {
        boolean askedBefore = get(id).cancelledBy() != null;
        if (!askedBefore && !life.cancel(id, by)) {
            throw JobException.notCancellable(get(id));
        }
        return get(id);
    }

    /** Ends a stalled job. @throws JobException when it is not stalled */
    public Job resolve(String id, String by) {
        get(id);
        if (!life.resolve(id, by)) {
            throw JobException.notStalled(get(id));
        }
        return get(id);
    }

    /** Whether an operator may repeat the job. */
    public boolean retryable(Job job) {
        var traits = types.named(job.type()).traits();
        if (traits.part()) {
            return false;
        }
        var codes = traits.retryableCodes();
        var failure = job.failure();
        return switch (job.state()) {
            case FAILED, REJECTED -> codes.isEmpty() || failure == null || codes.contains(failure.code());
            case CANCELLED -> true;
            case QUEUED, DISPATCHED, RUNNING, VERIFYING, SUCCEEDED, STALLED -> false;
        };
    }

    public Optional<Job> find(String id) {
        return store.find(id);
    }

    /** @throws JobException when there is none */
    public Job get(String id) {
        return store.find(id).orElseThrow(() -> JobException.notFound(id));
    }

    /** For a node that has gone for good: no job of it will be announced again. */
    public void forgetNode(String nodeId) {
        queue.forget(nodeId);
    }

    /** Newest first. */
    public List<Job> list(@Nullable String siteId, @Nullable String nodeId, @Nullable JobState state, int limit) {
        return store.list(siteId, nodeId, state == null ? null : state.text(), limit);
    }
}
