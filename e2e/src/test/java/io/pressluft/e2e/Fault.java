package io.pressluft.e2e;

/**
 * Something that breaks on a node after a job for a new site was handed out, and how that job has to end.
 *
 * @param inject lines of bash, run while the agent is held
 * @param mend lines of bash that end the fault
 * @param code of the job's failure
 * @param step part of the failing step's name
 * @param neighbour whether the fault is its own too
 * @param looks when the node is compared with what it was before: a dead service cannot be asked
 */
record Fault(String title, String inject, String mend, String code, String step, Neighbour neighbour, Looks looks) {

    enum Neighbour {
        KEEPS_ANSWERING,
        SHARES_IT
    }

    enum Looks {
        BEFORE_MENDING,
        AFTER_MENDING
    }
}
