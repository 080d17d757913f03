package io.pressluft.agent.job;

import java.util.Locale;

/** Why a change was undone. */
public enum UndoReason {
    /** The control plane said so. */
    TOLD,
    DEADLINE,
    APPLY_FAILED,
    FENCED_OFF;

    /** As it stands in a report; empty when the control plane knows anyway. */
    public String word() {
        return this == TOLD ? "" : name().toLowerCase(Locale.ROOT);
    }
}
