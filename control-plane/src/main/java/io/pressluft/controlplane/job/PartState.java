package io.pressluft.controlplane.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How far one node's agent is with its part of a job. The migrations hold the same table; a test compares the two. */
public enum PartState {
    WAITING,
    DISPATCHED,
    RUNNING,
    APPLIED,
    COMMITTED,
    /** Nothing of the change is left on the node, or it was never begun there. */
    UNDONE,
    /** Something of the change may be left on the node. */
    UNDO_FAILED;

    private static final Map<PartState, Set<PartState>> NEXT = Map.of(
            WAITING, EnumSet.of(DISPATCHED, UNDONE),
            DISPATCHED, EnumSet.of(RUNNING, UNDONE, UNDO_FAILED),
            RUNNING, EnumSet.of(APPLIED, UNDONE, UNDO_FAILED),
            APPLIED, EnumSet.of(COMMITTED, UNDONE, UNDO_FAILED));

    public boolean canBecome(PartState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /** Whether the agent has the part in hand. */
    public boolean inHand() {
        return switch (this) {
            case DISPATCHED, RUNNING, APPLIED -> true;
            case WAITING, COMMITTED, UNDONE, UNDO_FAILED -> false;
        };
    }

    /** The state as the database and the API write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static PartState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
