package io.pressluft.controlplane.job;

import java.util.Locale;

/** Why a job stands still. */
public enum StallReason {
    AGENT_SILENT("Nothing is heard from its node. The job goes on by itself when the agent is back."),
    OVERDUE("Its time is long over and its agent, which is there, has not ended it. Its end is taken when it comes."),
    AGENT_LOST_IT("Its agent is there and knows nothing of the job any more. It does not go on by itself.");

    private final String sentence;

    StallReason(String sentence) {
        this.sentence = sentence;
    }

    /** What happened and what to expect, for an operator. */
    public String sentence() {
        return sentence;
    }

    /** As database and API write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static StallReason of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
