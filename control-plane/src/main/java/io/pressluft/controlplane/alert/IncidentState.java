package io.pressluft.controlplane.alert;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How far an incident is. The migrations hold the same table; a test compares the two. */
public enum IncidentState {
    /** It has just begun and nobody was told yet; if it is over before that, it is forgotten. */
    GATHERING,
    OPEN,
    CLEARED;

    private static final Map<IncidentState, Set<IncidentState>> NEXT =
            Map.of(GATHERING, EnumSet.of(OPEN), OPEN, EnumSet.of(CLEARED));

    public boolean canBecome(IncidentState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /** The state as the database and the API write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static IncidentState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
