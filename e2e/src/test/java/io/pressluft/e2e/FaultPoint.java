package io.pressluft.e2e;

import java.util.Locale;

/**
 * Where a fault strikes.
 *
 * @param ordinal of the step, from 1; 0 for a job that nobody has begun
 */
record FaultPoint(Phase phase, When when, int ordinal, String step) {

    /** Which run of the job. */
    enum Phase {
        APPLY,
        UNDO
    }

    /**
     * When the job is asked for; before a step is allowed; once it is, before its effect; in the middle of its effect;
     * after its effect, before anybody is told.
     */
    enum When {
        ASKED,
        BEFORE,
        DURING,
        AMID,
        AFTER
    }

    static FaultPoint asked() {
        return new FaultPoint(Phase.APPLY, When.ASKED, 0, "");
    }

    /** As the breakpoints of the node read it. */
    String words() {
        return text(phase) + " " + text(when) + " " + ordinal;
    }

    FaultPoint at(When other) {
        return new FaultPoint(phase, other, ordinal, step);
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return when == When.ASKED ? "asked for" : "%s %s %d %s".formatted(text(phase), text(when), ordinal, step);
    }
}
