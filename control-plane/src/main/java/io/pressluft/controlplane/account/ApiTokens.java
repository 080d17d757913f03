package io.pressluft.controlplane.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.error.FieldChecks;
import io.pressluft.controlplane.id.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Tokens with which programs sign in. Only hashes are kept; a token is random enough to need no slow hash. */
@Service
public class ApiTokens {

    private static final String PREFIX = "plft_";
    private static final int TOKEN_BYTES = 32;

    private final JdbcClient jdbc;
    private final Ids ids;
    private final AuditLog audit;

    ApiTokens(JdbcClient jdbc, Ids ids, AuditLog audit) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.ids = ids;
    }

    /** A token without its value. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TokenView(
            String id,
            String name,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    /** A fresh token with its value, which is shown this once. */
    public record FreshToken(String id, String name, String token) {
        @Override
        public String toString() {
            return "FreshToken[" + id + "]";
        }
    }

    /** @throws io.pressluft.controlplane.error.RequestException unless the name is 1 to 60 printable ASCII characters */
    @Transactional
    public FreshToken create(String userName, String name) {
        new FieldChecks()
                .require(
                        name.matches("[\\x20-\\x7e]{1,60}") && !name.isBlank(),
                        "name",
                        "1 to 60 printable ASCII characters.")
                .done();
        var token = PREFIX + ids.hex(TOKEN_BYTES);
        var id = ids.next("token");
        jdbc.sql("""
                INSERT INTO api_token (id, user_id, name, token_hash)
                SELECT :id, u.id, :name, :hash FROM app_user u WHERE u.name = :user
                """)
                .param("id", id)
                .param("name", name)
                .param("hash", hash(token))
                .param("user", userName)
                .update();
        audit.add(userName, "token_create", id, "succeeded", null, name);
        return new FreshToken(id, name, token);
    }

    /** The name of the user whose token this is. */
    Optional<String> userOf(String token) {
        if (!token.startsWith(PREFIX)) {
            return Optional.empty();
        }
        return jdbc.sql("""
                UPDATE api_token t SET last_used_at = now() FROM app_user u
                WHERE u.id = t.user_id AND t.token_hash = :hash RETURNING u.name
                """).param("hash", hash(token)).query(String.class).optional();
    }

    /** Oldest first. */
    public List<TokenView> of(String userName) {
        return jdbc.sql("""
                SELECT t.id, t.name, t.created_at, t.last_used_at FROM api_token t JOIN app_user u ON u.id = t.user_id
                WHERE u.name = :user ORDER BY t.created_at
                """)
                .param("user", userName)
                .query((row, index) -> {
                    Timestamp used = row.getTimestamp("last_used_at");
                    return new TokenView(
                            row.getString("id"),
                            row.getString("name"),
                            row.getTimestamp("created_at").toInstant(),
                            used == null ? null : used.toInstant());
                })
                .list();
    }

    /** Whether there was such a token of this user. */
    @Transactional
    public boolean delete(String userName, String id) {
        int rows = jdbc.sql("""
                DELETE FROM api_token WHERE id = :id AND user_id = (SELECT id FROM app_user WHERE name = :user)
                """).param("id", id).param("user", userName).update();
        if (rows == 1) {
            audit.add(userName, "token_delete", id, "succeeded", null, null);
        }
        return rows == 1;
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
