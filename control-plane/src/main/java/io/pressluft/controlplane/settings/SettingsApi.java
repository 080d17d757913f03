package io.pressluft.controlplane.settings;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.error.RequestException;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/settings")
class SettingsApi {

    private final Settings settings;

    SettingsApi(Settings settings) {
        this.settings = settings;
    }

    @GetMapping
    Map<String, List<Settings.SettingView>> list() {
        return Map.of("settings", settings.all());
    }

    @PutMapping("/{key}")
    Settings.SettingView put(@PathVariable String key, @RequestBody NewValue body, Principal who) {
        var known = SettingKey.of(key).orElseThrow(() -> new UnknownSetting(key));
        if (body.value() == null) {
            throw RequestException.invalid("value", "Is required; an empty text takes the setting back.");
        }
        settings.put(known, body.value(), who.getName());
        return settings.view(known);
    }

    /** It may be a secret, and frameworks like to write bodies into logs. */
    record NewValue(@org.jspecify.annotations.Nullable String value) {
        @Override
        public String toString() {
            return "NewValue[**redacted**]";
        }
    }

    /** There is no such setting. */
    static final class UnknownSetting extends CodedException {
        UnknownSetting(String key) {
            super(ErrorCode.SETTING_NOT_FOUND, "There is no setting %s.".formatted(key));
        }
    }
}
