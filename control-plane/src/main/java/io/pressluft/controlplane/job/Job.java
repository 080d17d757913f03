package io.pressluft.controlplane.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.error.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One mutation, or one look at a node or site.
 *
 * @param parts what its nodes have to do with it, the leading one first
 * @param fencingToken grows with every exclusive job of the site; absent for shared jobs and for nodes
 * @param payload typed values without secrets
 * @param verdict {@code commit} or {@code undo} once the control plane has decided
 * @param attempt which time this is that the control plane tries it, from 1; an operator's retry begins anew
 * @param notBefore when a job that waits out the pause before a repeat may begin
 * @param cancelledBy who asked for the job to end without its change
 * @param stallReason why a stalled job stands still
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Job(
        String id,
        String type,
        JobState state,
        boolean exclusive,
        @Nullable String siteId,
        @Nullable String environmentId,
        List<JobPart> parts,
        @Nullable Long fencingToken,
        Map<String, Object> payload,
        String requestedBy,
        @Nullable String retryOf,
        int attempt,
        @Nullable Instant notBefore,
        @Nullable String verdict,
        @Nullable JobFailure failure,
        @Nullable String cancelledBy,
        @Nullable StallReason stallReason,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant settledAt,
        @Nullable Instant deadlineAt) {

    /** A new job that nobody has taken yet, before the database has added its token and times. */
    static Job queued(String id, NewJob wanted, boolean exclusive, List<JobPart> parts) {
        return new Job(
                id,
                wanted.type(),
                JobState.QUEUED,
                exclusive,
                wanted.siteId(),
                wanted.environmentId(),
                parts,
                null,
                wanted.payload(),
                wanted.requester().name(),
                wanted.retryOf(),
                wanted.attempt(),
                null,
                null,
                null,
                null,
                null,
                Instant.EPOCH,
                null,
                null,
                null);
    }

    /** The same as it is written. */
    Job written(@Nullable Long token, Instant at, @Nullable Instant begin) {
        return new Job(
                id,
                type,
                state,
                exclusive,
                siteId,
                environmentId,
                parts,
                token,
                payload,
                requestedBy,
                retryOf,
                attempt,
                begin,
                verdict,
                failure,
                cancelledBy,
                stallReason,
                at,
                startedAt,
                settledAt,
                deadlineAt);
    }

    /** The same once it has moved on without a failure; what its row says when the transition is written. */
    Job moved(JobState to, Instant at) {
        return new Job(
                id,
                type,
                to,
                exclusive,
                siteId,
                environmentId,
                parts,
                fencingToken,
                payload,
                requestedBy,
                retryOf,
                attempt,
                notBefore,
                to == JobState.SUCCEEDED ? "commit" : verdict,
                failure,
                cancelledBy,
                null,
                createdAt,
                startedAt == null && to == JobState.RUNNING ? at : startedAt,
                to.terminal() ? at : settledAt,
                deadlineAt);
    }

    /** The node of the leading part; absent for a job that has none. */
    public @Nullable String nodeId() {
        return parts.isEmpty() ? null : parts.getFirst().nodeId();
    }

    /** What the leading part reported. */
    public Map<String, String> outputs() {
        return parts.isEmpty() ? Map.of() : parts.getFirst().outputs();
    }

    /** The part of the job that is the node's. */
    public Optional<JobPart> partOn(String node) {
        return parts.stream().filter(part -> part.nodeId().equals(node)).findFirst();
    }

    /** Whether each part is in this state. */
    boolean allParts(PartState state) {
        return parts.stream().allMatch(part -> part.state() == state);
    }

    /** Whether an agent still has something to do for it. */
    boolean inHand() {
        return parts.stream().map(JobPart::state).anyMatch(state -> state != null && state.inHand());
    }

    /** Whether an operator may still have the job end without its change. */
    public boolean cancellable() {
        return switch (state) {
            case QUEUED -> true;
            case DISPATCHED, RUNNING, VERIFYING -> verdict == null;
            case STALLED, SUCCEEDED, FAILED, CANCELLED, REJECTED -> false;
        };
    }

    /** Whether the job waits for its agent's journal or an operator's word. */
    public boolean resolvable() {
        return state == JobState.STALLED;
    }

    /** Whether an operator has ended the job while it was stalled. */
    boolean resolved() {
        return failure != null && failure.code().equals(ErrorCode.JOB_RESOLVED.code());
    }

    /** Whether the job has been told to end without its change and has not ended yet. */
    public boolean ending() {
        return cancelledBy != null && !state.terminal();
    }

    /** The id of the job's environment. @throws IllegalStateException when the type has none */
    public String requireEnvironmentId() {
        if (environmentId == null) {
            throw new IllegalStateException("job %s of type %s has no environment".formatted(id, type));
        }
        return environmentId;
    }

    /** The id of the job's site. @throws IllegalStateException when the type has none */
    public String requireSiteId() {
        if (siteId == null) {
            throw new IllegalStateException("job %s of type %s has no site".formatted(id, type));
        }
        return siteId;
    }

    /** The id of the leading part's node. @throws IllegalStateException when the type has none */
    public String requireNodeId() {
        if (parts.isEmpty()) {
            throw new IllegalStateException("job %s of type %s has no node".formatted(id, type));
        }
        return parts.getFirst().nodeId();
    }
}
