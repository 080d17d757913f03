package io.pressluft.agent.job;

import java.util.Map;
import java.util.Set;

/** Where a job stands on this node. The journal holds the stage before anything of it is done. */
public enum JobStage {
    /** Taken, nothing started. */
    ACCEPTED,
    APPLYING,
    PROVING,
    AWAITING_VERDICT,
    COMMITTING,
    UNDOING,
    /** Ended; the control plane has not said yet that it knows. */
    SETTLED,
    /** Ended, and known to the control plane. */
    CLOSED;

    private static final Map<JobStage, Set<JobStage>> NEXT = Map.of(
            ACCEPTED, Set.of(APPLYING, SETTLED),
            APPLYING, Set.of(PROVING, AWAITING_VERDICT, UNDOING, SETTLED),
            PROVING, Set.of(AWAITING_VERDICT, UNDOING, SETTLED),
            AWAITING_VERDICT, Set.of(COMMITTING, UNDOING, SETTLED),
            COMMITTING, Set.of(SETTLED),
            UNDOING, Set.of(SETTLED),
            SETTLED, Set.of(CLOSED),
            CLOSED, Set.of());

    boolean canBecome(JobStage next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    boolean ended() {
        return this == SETTLED || this == CLOSED;
    }
}
