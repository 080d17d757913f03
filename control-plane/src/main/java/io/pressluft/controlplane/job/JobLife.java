package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The life of a job that agents run: each method is one transaction in which the node's part, the job and the resource move
 * together. A false answer means that they were elsewhere already; the caller's message was late or a repeat.
 */
@Service
public class JobLife {

    private final JobStore store;
    private final JobTransitions transitions;
    private final JobParts parts;
    private final JobTypes types;
    private final Endings endings;
    private final ApplicationEventPublisher events;

    JobLife(
            JobStore store,
            JobTransitions transitions,
            JobParts parts,
            JobTypes types,
            Endings endings,
            ApplicationEventPublisher events) {
        this.store = store;
        this.transitions = transitions;
        this.parts = parts;
        this.types = types;
        this.endings = endings;
        this.events = events;
    }

    /**
     * Takes the node's part of a job for its agent. Empty when somebody else has it, the job waits out a pause, or the node
     * has {@code most} parts in hand already; exclusive and shared jobs are counted apart.
     */
    @Transactional
    public Optional<Job> dispatch(String id, String nodeId, int most) {
        return store.lock(id).filter(job -> parts.take(id, nodeId, most)).map(job -> {
            if (!transitions.dispatch(id, types.named(job.type()).traits().deadline())) {
                return partMoved(id, nodeId); // another part of it is under way
            }
            return endings.moved(id, JobState.DISPATCHED, "agent of " + nodeId);
        });
    }

    /** The node's agent has accepted its part. */
    @Transactional
    public boolean running(String id, String nodeId) {
        store.lock(id);
        boolean begun = parts.run(id, nodeId);
        if (transitions.run(id)) {
            return recorded(id, JobState.RUNNING, "accepted");
        }
        if (begun) {
            partMoved(id, nodeId);
        }
        return begun;
    }

    /** A stalled job goes on: its agents are heard of again. */
    @Transactional
    public boolean revived(String id, Duration silence) {
        return transitions.revive(id, silence) && recorded(id, JobState.RUNNING, "its agents are back");
    }

    /** @return whether the change is applied on every node now, and waits for its proof */
    @Transactional
    public boolean applied(String id, String nodeId, Map<String, String> outputs) {
        store.lock(id);
        boolean first = parts.apply(id, nodeId, outputs); // a repeat finds it applied
        if (verifying(id)) {
            return true;
        }
        if (first) {
            partMoved(id, nodeId);
        }
        return false;
    }

    /** @return whether a job that stalled with its change applied everywhere waits for its proof again */
    @Transactional
    public boolean awaited(String id) {
        store.lock(id);
        return verifying(id);
    }

    private boolean verifying(String id) {
        return get(id).allParts(PartState.APPLIED)
                && transitions.verify(id)
                && recorded(id, JobState.VERIFYING, "applied");
    }

    @Transactional
    public boolean stalled(String id, StallReason why) {
        return transitions.stall(id, why) && recorded(id, JobState.STALLED, why.text());
    }

    /** Records {@code commit}, or {@code undo} with its reason; the first decision stands. */
    @Transactional
    public void decide(String id, Optional<JobFailure> failure) {
        transitions.decide(id, failure.isPresent() ? "undo" : "commit", failure.orElse(null));
        tell(id);
    }

    /** The node's agent has committed its part. */
    @Transactional
    public boolean committed(String id, String nodeId) {
        store.lock(id);
        return parts.commit(id, nodeId) && settled(id, nodeId, null);
    }

    /**
     * The node's agent has undone its part, told or not.
     *
     * @param cleanly whether nothing of the change is left there
     */
    @Transactional
    public boolean undone(String id, String nodeId, JobFailure failure, boolean cleanly) {
        store.lock(id);
        if (!parts.end(id, nodeId, cleanly)) {
            return false;
        }
        if (get(id).state() == JobState.DISPATCHED && transitions.run(id)) {
            recorded(id, JobState.RUNNING, "its acceptance was lost");
        }
        return settled(id, nodeId, failure);
    }

    /** The node's agent has refused its part. A job of which nothing was begun is rejected. */
    @Transactional
    public boolean refused(String id, String nodeId, JobFailure failure) {
        store.lock(id);
        if (!parts.refuse(id, nodeId)) {
            return false;
        }
        var job = get(id);
        if (job.state() == JobState.DISPATCHED && job.cancelledBy() == null && !job.inHand()) {
            parts.giveUpWaiting(id);
            return endings.rejected(id, failure);
        }
        return settled(id, nodeId, failure);
    }

    /**
     * The node is gone for good: what it has left of jobs ends, and other nodes that have a part of them undo it.
     *
     * @param by who took the node out of service
     */
    @Transactional
    public void nodeGone(String nodeId, String by) {
        var failure = JobFailure.of(
                ErrorCode.NODE_GONE,
                "Node %s was decommissioned before its agent ended the job.".formatted(nodeId),
                null);
        for (var id : parts.leftOn(nodeId)) {
            store.lock(id);
            if (transitions.cancelQueued(id, by, failure)) {
                parts.giveUpWaiting(id);
                events.publishEvent(new JobTold(get(id), "node_gone", by));
                endings.ended(id, JobState.CANCELLED, true);
            } else if (parts.abandonOn(id, nodeId)) {
                events.publishEvent(new JobTold(get(id), "node_gone", by));
                if (get(id).state() == JobState.DISPATCHED && transitions.run(id)) {
                    recorded(id, JobState.RUNNING, "its node is gone");
                }
                settled(id, nodeId, failure);
            }
        }
    }

    /** @param failure of the part that has just ended; absent when it was committed */
    private boolean settled(String id, String nodeId, @Nullable JobFailure failure) {
        if (failure != null && transitions.decideAgainst(id, failure)) {
            parts.giveUpWaiting(id);
            tell(id);
        }
        var job = get(id);
        if (job.inHand()) {
            partMoved(id, nodeId);
            return true;
        }
        if (job.allParts(PartState.COMMITTED)) {
            return endings.succeeded(id);
        }
        var reason = failure != null
                ? failure
                : JobFailure.of(
                        ErrorCode.UNDO_FAILED, "The job was committed on one node and undone on another.", null);
        return endings.failed(id, reason, job.allParts(PartState.UNDONE));
    }

    private void tell(String id) {
        events.publishEvent(new JobDecided(get(id)));
    }

    /** The job is where it was; whoever looks at it sees its parts as well when it has several. */
    private Job partMoved(String id, String nodeId) {
        var job = get(id);
        return job.parts().size() < 2 ? job : endings.moved(id, job.state(), "its part on " + nodeId);
    }

    private boolean recorded(String id, JobState to, String trigger) {
        endings.moved(id, to, trigger);
        return true;
    }

    private Job get(String id) {
        return store.find(id).orElseThrow(() -> JobException.notFound(id));
    }
}
