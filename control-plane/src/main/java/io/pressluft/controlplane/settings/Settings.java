package io.pressluft.controlplane.settings;

import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.error.FieldChecks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What the operator chose, in PostgreSQL. */
@Component
public class Settings {

    private final JdbcClient jdbc;
    private final SealedValues sealed;
    private final AuditLog audit;

    Settings(JdbcClient jdbc, SealedValues sealed, AuditLog audit) {
        this.jdbc = jdbc;
        this.sealed = sealed;
        this.audit = audit;
    }

    /** The chosen value, also of a secret setting; empty while the default holds. */
    public Optional<String> find(SettingKey key) {
        if (key.secret()) {
            return sealed.open(key);
        }
        return jdbc.sql("SELECT value FROM setting WHERE key = :key")
                .param("key", key.text())
                .query(String.class)
                .optional()
                .filter(value -> !value.isEmpty());
    }

    /** @throws io.pressluft.controlplane.error.RequestException when the value does not fit the key */
    @Transactional
    public void put(SettingKey key, String value, String actor) {
        key.check(value);
        keep(key, value, actor);
    }

    /**
     * Changes all of these or, when one does not fit, none. What is as it was is no change.
     *
     * @throws io.pressluft.controlplane.error.RequestException naming every setting whose value does not fit
     */
    @Transactional
    public void put(Map<SettingKey, String> values, String actor) {
        var checks = new FieldChecks();
        values.forEach((key, value) -> checks.require(key.fits(value), key.text(), key.refusal()));
        checks.done();
        values.forEach((key, value) -> {
            if (!find(key).orElse("").equals(value)) {
                keep(key, value, actor);
            }
        });
    }

    private void keep(SettingKey key, String value, String actor) {
        if (key.secret()) {
            seal(key, value);
        } else {
            write(key, value);
        }
        audit.add(actor, "setting_change", key.text(), "succeeded", null, trace(key, value));
    }

    private static String trace(SettingKey key, String value) {
        if (!key.secret()) {
            return value;
        }
        return value.isEmpty() ? "removed" : "set";
    }

    private void seal(SettingKey key, String value) {
        if (value.isEmpty()) {
            sealed.forget(key);
        } else {
            sealed.put(key, value);
        }
    }

    private void write(SettingKey key, String value) {
        jdbc.sql("""
                INSERT INTO setting (key, value) VALUES (:key, :value)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()
                """).param("key", key.text()).param("value", value).update();
    }

    /** All there are, with their descriptions. */
    public List<SettingView> all() {
        return Arrays.stream(SettingKey.values()).map(this::view).toList();
    }

    SettingView view(SettingKey key) {
        var value = find(key);
        return new SettingView(
                key.text(), value.map(key::shown).orElse(""), value.isPresent(), key.secret(), key.description());
    }

    /**
     * A setting as the API shows it.
     *
     * @param value empty while the default holds; of a secret what may be shown of it, which is nothing or where it leads
     * @param set whether it was chosen
     */
    public record SettingView(String key, String value, boolean set, boolean secret, String description) {}
}
