package io.pressluft.controlplane.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The states of a job. The migrations hold the same table; a test compares the two. */
public enum JobState {
    QUEUED,
    DISPATCHED,
    RUNNING,
    VERIFYING,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    REJECTED,
    /** Not an end: the site stays locked until the agent's journal or an operator settles it. */
    STALLED;

    private static final Map<JobState, Set<JobState>> NEXT = Map.of(
            QUEUED, EnumSet.of(DISPATCHED, CANCELLED),
            DISPATCHED, EnumSet.of(RUNNING, QUEUED, REJECTED, STALLED, CANCELLED),
            RUNNING, EnumSet.of(VERIFYING, FAILED, STALLED, CANCELLED),
            VERIFYING, EnumSet.of(SUCCEEDED, FAILED, STALLED, CANCELLED),
            STALLED, EnumSet.of(RUNNING, VERIFYING, SUCCEEDED, FAILED, CANCELLED));

    public boolean canBecome(JobState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /** A terminal state never changes again. */
    public boolean terminal() {
        return switch (this) {
            case SUCCEEDED, FAILED, CANCELLED, REJECTED -> true;
            case QUEUED, DISPATCHED, RUNNING, VERIFYING, STALLED -> false;
        };
    }

    /** The state as the database and the API write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static JobState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
