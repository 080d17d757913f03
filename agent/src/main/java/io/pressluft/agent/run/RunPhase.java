package io.pressluft.agent.run;

import java.util.Locale;

/** What a run is for. */
public enum RunPhase {
    APPLY(""),
    COMMIT("-commit"),
    UNDO("-undo");

    private final String suffix;

    RunPhase(String suffix) {
        this.suffix = suffix;
    }

    /** What the name of its playbook ends with. */
    String suffix() {
        return suffix;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
