package io.pressluft.e2e;

import java.util.Set;

/**
 * One row of the matrix: a fault, where it strikes, and what may come of it.
 *
 * @param number of the fault in the list that the matrix covers, for the reader
 * @param strike what happens at the point; it lets the run go
 */
record FaultRow(String fault, String number, FaultPoint point, Setting setting, Allowed allowed, Strike strike) {

    /** What node and control plane have to be like for the whole of the job. */
    enum Setting {
        PLAIN,
        SMALL_DISK,
        STARVED,
        /** The step at the point says that most of its time went by before. */
        LONG_AGO,
        /** Two control planes run, and the agent's stream is open at the second. */
        REPLICA,
        /** The same, and nothing that the second says reaches the agent. */
        UNHEARD_REPLICA,
        /** Two run, and both believe that they have the agent's stream; the second does. */
        HALF_OPEN
    }

    /**
     * @param ends of the site's newest job: a state, or a state and a code
     * @param jobs how many there may be by then
     * @param stalls whether one of them may have been stalled, and somebody been told of it
     */
    record Allowed(Set<String> ends, Set<Integer> jobs, boolean stalls) {}

    @FunctionalInterface
    interface Strike {
        void at(FaultScene scene);
    }

    static FaultRow of(String fault, String number, FaultPoint point, Allowed allowed, Strike strike) {
        return new FaultRow(fault, number, point, Setting.PLAIN, allowed, strike);
    }

    FaultRow in(Setting other) {
        return new FaultRow(fault, number, point, other, allowed, strike);
    }

    @Override
    public String toString() {
        return fault + ", " + point;
    }
}
