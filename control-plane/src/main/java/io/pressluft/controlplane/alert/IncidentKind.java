package io.pressluft.controlplane.alert;

import java.util.Locale;

/** What incidents are about. Of each kind there is at most one at a time. */
enum IncidentKind {
    AGENT_SILENT("/nodes"),
    JOB_STALLED("/jobs?state=attention"),
    JOB_WAITING("/jobs?state=attention"),
    CHANGE_HALF_MADE("/jobs?state=attention"),
    SNAPSHOT_HELD("/alerts");

    private final String path;

    IncidentKind(String path) {
        this.path = path;
    }

    /** The page of the dashboard that lists what it is about. */
    String path() {
        return path;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static IncidentKind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
