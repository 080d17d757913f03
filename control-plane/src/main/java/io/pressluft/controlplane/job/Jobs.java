package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writing jobs down, reading them, and repeating those that ended badly. */
@Service
public class Jobs {

    /** A queued job is taken within a second when its node is there and has room; this long, somebody should know. */
    public static final Duration WAITING = Duration.ofMinutes(2);

    private final JobStore store;
    private final JobTypes types;
    private final Intake intake;
    private final JobQueue queue;
    private final OperatorActions actions;
    private final JobLife life;
    private final Submissions submissions;
    private final LaterJobs later;

    Jobs(
            JobStore store,
            JobTypes types,
            Intake intake,
            JobQueue queue,
            OperatorActions actions,
            JobLife life,
            Submissions submissions,
            LaterJobs later) {
        this.store = store;
        this.types = types;
        this.intake = intake;
        this.queue = queue;
        this.actions = actions;
        this.life = life;
        this.submissions = submissions;
        this.later = later;
    }

    /**
     * In the caller's transaction: raises the site's fencing token, writes the job, moves the resource. The job is handed
     * to Redis only after the commit.
     *
     * @throws JobException when another exclusive job of the site or node is unfinished
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Job enqueue(NewJob wanted) {
        return intake.enqueue(wanted);
    }

    /**
     * The same in a transaction of its own, which it may share with what others submit at this moment.
     *
     * @return once it is committed
     * @throws JobException when another exclusive job of the site or node is unfinished
     */
    @Transactional(propagation = Propagation.NEVER)
    public Job submit(NewJob wanted) {
        return submissions.submit(wanted);
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

    /**
     * A new job with a new token for the same intent.
     *
     * @throws JobException when the job has not ended without its change, or something was done about its site or node since
     */
    @Transactional
    public Job retry(String id, Requester requester) {
        var job = get(id);
        if (!repeatable(job)) {
            throw JobException.notRetryable(
                    job, types.named(job.type()).traits().part());
        }
        var earlier = repeatOf(requester, job.type(), repeat -> id.equals(repeat.retryOf()));
        return earlier.or(() -> waitingRepeat(id, requester)).orElseGet(() -> again(job, requester));
    }

    private Job again(Job job, Requester requester) {
        refuseAfterAnother(job, "");
        var repeat = enqueue(NewJob.again(job, requester));
        // Whoever was faster is seen now that nobody else can begin.
        refuseAfterAnother(job, repeat.id());
        return repeat;
    }

    private void refuseAfterAnother(Job job, String repeat) {
        later.after(job.id(), repeat).ifPresent(other -> {
            throw JobException.notTheNewest(job, other.id(), other.type());
        });
    }

    /** A repeat that waits out its pause begins now instead of being asked for twice. */
    private Optional<Job> waitingRepeat(String id, Requester requester) {
        return store.repeatOf(id)
                .filter(repeat -> actions.hurry(repeat.id(), requester))
                .map(repeat -> get(repeat.id()));
    }

    /** The newest repeat of the job. */
    public Optional<Job> repeat(String id) {
        return store.repeatOf(id);
    }

    /** Has the job end without its change. @throws JobException when it is too late, or the job is stalled */
    public Job cancel(String id, String by) {
        boolean askedBefore = get(id).cancelledBy() != null;
        if (!askedBefore && !actions.cancel(id, by)) {
            throw JobException.notCancellable(get(id));
        }
        return get(id);
    }

    /** Ends a stalled job; asking again is asking once. @throws JobException when it is not stalled */
    public Job resolve(String id, String by) {
        boolean resolved = actions.resolve(id, by);
        var job = get(id);
        if (!resolved && !job.resolved()) {
            throw JobException.notStalled(job);
        }
        return job;
    }

    /** Whether an operator may repeat the job. */
    public boolean retryable(Job job) {
        return repeatable(job) && later.after(List.of(job.id())).isEmpty();
    }

    /** Apart from what was done since. */
    private boolean repeatable(Job job) {
        var traits = types.named(job.type()).traits();
        if (traits.part()) {
            return false;
        }
        return switch (job.state()) {
            case FAILED, REJECTED, CANCELLED -> true;
            case QUEUED, DISPATCHED, RUNNING, VERIFYING, SUCCEEDED, STALLED -> false;
        };
    }

    /** Whether an operator may still have the job end without its change. */
    public boolean cancellable(Job job) {
        return job.cancellable()
                && (job.state() == JobState.QUEUED
                        || types.named(job.type()).traits().cancellable());
    }

    /** The job with what an operator may do to it. */
    public JobView view(Job job) {
        return view(job, null, null);
    }

    /** The same for each of these, without steps. */
    public List<JobView> views(List<Job> some) {
        var candidates = some.stream().filter(this::repeatable).map(Job::id).collect(Collectors.toSet());
        var after = candidates.isEmpty()
                ? Set.<String>of()
                : later.after(candidates).keySet();
        return some.stream()
                .map(job -> JobView.of(
                        job, candidates.contains(job.id()) && !after.contains(job.id()), cancellable(job), null, null))
                .toList();
    }

    /** @param retriedBy id of the newest repeat; absent in lists, as are the steps */
    public JobView view(Job job, @Nullable String retriedBy, @Nullable List<JobStep> steps) {
        return JobView.of(job, retryable(job), cancellable(job), retriedBy, steps);
    }

    public Optional<Job> find(String id) {
        return store.find(id);
    }

    /** @throws JobException when there is none */
    public Job get(String id) {
        return store.find(id).orElseThrow(() -> JobException.notFound(id));
    }

    /** For a node that {@code by} has taken out of service: what it has left ends, and no job of it will be announced again. */
    public void forgetNode(String nodeId, String by) {
        life.nodeGone(nodeId, by);
        queue.forget(nodeId);
    }

    /** Newest first. */
    public List<Job> list(JobFilter filter, int limit) {
        return store.list(filter, WAITING, types.ofParts(), limit);
    }
}
