package io.pressluft.controlplane.alert;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How far a message is on its way out. The migrations hold the same table; a test compares the two. */
public enum DeliveryState {
    PENDING,
    /** One replica has it to itself until its lease ends; then another may try. */
    SENDING,
    SENT,
    GIVEN_UP;

    private static final Map<DeliveryState, Set<DeliveryState>> NEXT =
            Map.of(PENDING, EnumSet.of(SENDING), SENDING, EnumSet.of(SENT, PENDING, GIVEN_UP));

    public boolean canBecome(DeliveryState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /** The state as the database and the API write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static DeliveryState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
