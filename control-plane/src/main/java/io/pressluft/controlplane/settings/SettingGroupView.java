package io.pressluft.controlplane.settings;

import java.util.List;

/**
 * Settings that are saved together, as the dashboard shows them.
 *
 * @param id names the group in addresses
 */
public record SettingGroupView(String id, String title, List<Field> fields) {

    /**
     * One of them.
     *
     * @param choices all values there are; empty when there are too many to list
     */
    public record Field(Settings.SettingView setting, List<String> choices) {}
}
