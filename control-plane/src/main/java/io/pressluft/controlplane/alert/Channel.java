package io.pressluft.controlplane.alert;

import java.util.Locale;

/** A way on which alerts leave the house. */
enum Channel {
    WEBHOOK,
    EMAIL;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
