package io.pressluft.controlplane.dashboard;

/** The entries of the main navigation, in its order. */
public enum Section {
    SITES("Sites", "/sites"),
    NODES("Nodes", "/nodes"),
    JOBS("Jobs", "/jobs"),
    ACTIVITY("Activity", "/activity"),
    SETTINGS("Settings", "/settings");

    private final String label;
    private final String path;

    Section(String label, String path) {
        this.label = label;
        this.path = path;
    }

    public String label() {
        return label;
    }

    public String path() {
        return path;
    }
}
