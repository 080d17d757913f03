package io.pressluft.controlplane.settings;

import io.pressluft.controlplane.audit.AuditLog;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What the operator chose, in PostgreSQL. */
@Component
public class Settings {

    private final JdbcClient jdbc;
    private final AuditLog audit;

    Settings(JdbcClient jdbc, AuditLog audit) {
        this.jdbc = jdbc;
        this.audit = audit;
    }

    /** The chosen value; empty while the default holds. */
    public Optional<String> find(SettingKey key) {
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
        jdbc.sql("""
                INSERT INTO setting (key, value) VALUES (:key, :value)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()
                """).param("key", key.text()).param("value", value).update();
        audit.add(actor, "setting_change", key.text(), "succeeded", null, value);
    }

    /** All there are, with their descriptions. */
    public List<SettingView> all() {
        return java.util.Arrays.stream(SettingKey.values())
                .map(key -> new SettingView(key.text(), find(key).orElse(""), key.description()))
                .toList();
    }

    /** A setting as the API shows it; an empty value means the default. */
    public record SettingView(String key, String value, String description) {}
}
