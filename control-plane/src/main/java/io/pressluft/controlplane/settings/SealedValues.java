package io.pressluft.controlplane.settings;

import java.util.Optional;

/** Where the values of secret settings are kept, encrypted. The feature that has the key provides it. */
public interface SealedValues {

    /** Keeps the value in place of what was there. */
    void put(SettingKey key, String value);

    /** Nothing is kept afterwards. */
    void forget(SettingKey key);

    /** The value as it was put. */
    Optional<String> open(SettingKey key);
}
