package io.pressluft.controlplane.account;

import io.pressluft.controlplane.id.Ids;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;

/** Users and their passwords, hashed with argon2id. */
@Service
public class Accounts {

    private static final int PASSWORD_BYTES = 12;

    private final JdbcClient jdbc;
    private final PasswordEncoder passwords;
    private final Ids ids;

    Accounts(JdbcClient jdbc, PasswordEncoder passwords, Ids ids) {
        this.jdbc = jdbc;
        this.passwords = passwords;
        this.ids = ids;
    }

    /** Makes {@code admin} when there is nobody yet. Returns its password, which is kept nowhere. */
    public Optional<String> createFirst() {
        var password = ids.hex(PASSWORD_BYTES);
        int rows = jdbc.sql("""
                INSERT INTO app_user (id, name, email, password_hash)
                SELECT :id, 'admin', 'admin@localhost', :hash WHERE NOT EXISTS (SELECT 1 FROM app_user)
                ON CONFLICT DO NOTHING
                """)
                .param("id", ids.next("user"))
                .param("hash", passwords.encode(password))
                .update();
        return rows == 1 ? Optional.of(password) : Optional.empty();
    }

    public Optional<Account> find(String name) {
        return jdbc.sql("SELECT id, name, email FROM app_user WHERE name = :name")
                .param("name", name)
                .query(Account.class)
                .optional();
    }

    /** Whether the password is the user's. Takes equally long for a user that does not exist. */
    boolean matches(String name, String password) {
        var hash = jdbc.sql("SELECT password_hash FROM app_user WHERE name = :name")
                .param("name", name)
                .query(String.class)
                .optional();
        boolean right = passwords.matches(password, hash.orElse(UNKNOWN_USER_HASH));
        return right && hash.isPresent();
    }

    /** Any well-formed hash: so that an unknown name costs as much time as a wrong password. */
    private static final String UNKNOWN_USER_HASH =
            "$argon2id$v=19$m=16384,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
}
