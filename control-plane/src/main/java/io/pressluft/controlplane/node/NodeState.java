package io.pressluft.controlplane.node;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The states of a node. The migrations hold the same table; a test compares the two. */
public enum NodeState {
    ACQUIRING,
    PROVISIONING,
    READY,
    UNREACHABLE,
    DRAINING,
    DECOMMISSIONED,
    FAILED;

    private static final Map<NodeState, Set<NodeState>> NEXT = Map.of(
            ACQUIRING, EnumSet.of(PROVISIONING, FAILED),
            PROVISIONING, EnumSet.of(READY, FAILED),
            READY, EnumSet.of(UNREACHABLE, DRAINING, PROVISIONING),
            UNREACHABLE, EnumSet.of(READY, DRAINING, PROVISIONING),
            DRAINING, EnumSet.of(READY, FAILED, DECOMMISSIONED),
            FAILED, EnumSet.of(ACQUIRING, DRAINING));

    public boolean canBecome(NodeState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static NodeState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
