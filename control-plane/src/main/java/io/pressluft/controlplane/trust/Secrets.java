package io.pressluft.controlplane.trust;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Secrets by name, encrypted in PostgreSQL. */
@Component
public class Secrets {

    private final JdbcClient jdbc;
    private final MasterKey masterKey;

    Secrets(JdbcClient jdbc, MasterKey masterKey) {
        this.jdbc = jdbc;
        this.masterKey = masterKey;
    }

    public Optional<Secret> find(String name) {
        return jdbc.sql("SELECT ciphertext FROM secret WHERE name = :name")
                .param("name", name)
                .query(byte[].class)
                .optional()
                .map(box -> new Secret(new String(masterKey.decrypt(name, box), StandardCharsets.UTF_8)));
    }

    /** Keeps the secret under this name in place of what was there. */
    public void put(String name, Secret secret) {
        jdbc.sql("""
                INSERT INTO secret (name, ciphertext) VALUES (:name, :sealed)
                ON CONFLICT (name) DO UPDATE SET ciphertext = excluded.ciphertext
                """)
                .param("name", name)
                .param("sealed", masterKey.encrypt(name, secret.reveal().getBytes(StandardCharsets.UTF_8)))
                .update();
    }

    /** Nothing is kept under this name afterwards. */
    public void forget(String name) {
        jdbc.sql("DELETE FROM secret WHERE name = :name").param("name", name).update();
    }

    /** The secret, made by {@code maker} if there is none; of several replicas that make it at once, one wins. */
    public Secret getOrCreate(String name, Supplier<String> maker) {
        return find(name).orElseGet(() -> {
            jdbc.sql("INSERT INTO secret (name, ciphertext) VALUES (:name, :sealed) ON CONFLICT DO NOTHING")
                    .param("name", name)
                    .param("sealed", masterKey.encrypt(name, maker.get().getBytes(StandardCharsets.UTF_8)))
                    .update();
            return find(name).orElseThrow();
        });
    }
}
