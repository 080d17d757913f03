package io.pressluft.e2e;

import java.util.Locale;

/**
 * Where in a run a fault strikes.
 *
 * @param ordinal of the step, from 1
 */
record FaultPoint(When when, int ordinal, String step) {

    /** Before a step is allowed; once it is, before its effect; after its effect, before anybody is told. */
    enum When {
        BEFORE,
        DURING,
        AFTER;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return "%s step %d (%s)".formatted(when.text(), ordinal, step);
    }
}
