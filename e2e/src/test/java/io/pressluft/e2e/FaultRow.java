package io.pressluft.e2e;

import java.util.Set;

/**
 * One row of the matrix: a fault, and where it strikes.
 *
 * @param number of the fault in the list that the matrix covers, for the reader
 * @param ends how the site's newest job may end: a state, or a state and a code
 * @param strike what happens while the run is held; it lets the run go
 */
record FaultRow(String fault, String number, FaultPoint point, Setting setting, Set<String> ends, Strike strike) {

    /** What the node has to be like for the whole of the job. */
    enum Setting {
        PLAIN,
        SMALL_DISK,
        STARVED
    }

    @FunctionalInterface
    interface Strike {
        void at(FaultScene scene);
    }

    static FaultRow of(String fault, String number, FaultPoint point, Set<String> ends, Strike strike) {
        return new FaultRow(fault, number, point, Setting.PLAIN, ends, strike);
    }

    FaultRow in(Setting other) {
        return new FaultRow(fault, number, point, other, ends, strike);
    }

    @Override
    public String toString() {
        return fault + " " + point;
    }
}
