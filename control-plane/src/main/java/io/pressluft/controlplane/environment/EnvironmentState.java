package io.pressluft.controlplane.environment;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The states that sites and environments share. The migrations hold the same table; a test compares the two. */
public enum EnvironmentState {
    CREATING,
    ACTIVE,
    DEPLOYING,
    RESTORING,
    PROMOTING,
    MOVING,
    DELETING,
    FAILED,
    DELETED;

    private static final Map<EnvironmentState, Set<EnvironmentState>> NEXT = Map.of(
            CREATING, EnumSet.of(ACTIVE, FAILED),
            ACTIVE, EnumSet.of(DEPLOYING, RESTORING, PROMOTING, MOVING, DELETING),
            DEPLOYING, EnumSet.of(ACTIVE, FAILED),
            RESTORING, EnumSet.of(ACTIVE, FAILED),
            PROMOTING, EnumSet.of(ACTIVE, FAILED),
            MOVING, EnumSet.of(ACTIVE, FAILED),
            DELETING, EnumSet.of(DELETED, FAILED),
            FAILED, EnumSet.of(CREATING, DEPLOYING, RESTORING, DELETING));

    public boolean canBecome(EnvironmentState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static EnvironmentState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
