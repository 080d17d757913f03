package io.pressluft.controlplane.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Settings that belong together, and are saved together in the dashboard. */
enum SettingGroup {
    INSTANCE("This instance"),
    ALERTS("Alerts");

    private final String title;

    SettingGroup(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** As addresses write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<SettingKey> keys() {
        return Arrays.stream(SettingKey.values())
                .filter(key -> key.group() == this)
                .toList();
    }

    static Optional<SettingGroup> of(String text) {
        return Arrays.stream(values())
                .filter(group -> group.text().equals(text))
                .findFirst();
    }
}
