package io.pressluft.controlplane.trust;

import io.pressluft.controlplane.settings.SealedValues;
import io.pressluft.controlplane.settings.SettingKey;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Secret settings among the other secrets. */
@Component
class SealedSettings implements SealedValues {

    private final Secrets secrets;

    SealedSettings(Secrets secrets) {
        this.secrets = secrets;
    }

    private static String name(SettingKey key) {
        return "setting:" + key.text();
    }

    @Override
    public void put(SettingKey key, String value) {
        secrets.put(name(key), new Secret(value));
    }

    @Override
    public void forget(SettingKey key) {
        secrets.forget(name(key));
    }

    @Override
    public Optional<String> open(SettingKey key) {
        return secrets.find(name(key)).map(Secret::reveal);
    }
}
