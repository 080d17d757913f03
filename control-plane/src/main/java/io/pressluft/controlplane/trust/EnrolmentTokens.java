package io.pressluft.controlplane.trust;

import io.pressluft.controlplane.id.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** One-time tokens with which an agent gets its first certificate, or one in place of an expired one. Only their hashes are kept. */
@Component
public class EnrolmentTokens {

    /** Longer than a slow provisioning, short enough to be worthless the next day. */
    private static final Duration LIFETIME = Duration.ofHours(1);

    private static final int TOKEN_BYTES = 32;

    private final JdbcClient jdbc;
    private final Ids ids;

    EnrolmentTokens(JdbcClient jdbc, Ids ids) {
        this.jdbc = jdbc;
        this.ids = ids;
    }

    /** A token with its value, which is shown this once, and when it expires. */
    public record Fresh(Secret token, Instant expiresAt) {

        public String reveal() {
            return token.reveal();
        }
    }

    /** A fresh token for the node; those made before for it and not spent are void. */
    @Transactional
    public Fresh create(String nodeId) {
        jdbc.sql("DELETE FROM enrolment_token WHERE node_id = :node AND spent_by_key IS NULL")
                .param("node", nodeId)
                .update();
        var token = new Secret(ids.hex(TOKEN_BYTES));
        var expiresAt = jdbc.sql("""
                INSERT INTO enrolment_token (token_hash, node_id, expires_at)
                VALUES (:hash, :node, now() + :lifetime::interval) RETURNING expires_at
                """)
                .param("hash", hash(token.reveal()))
                .param("node", nodeId)
                .param("lifetime", LIFETIME.toSeconds() + " seconds")
                .query((row, index) -> row.getTimestamp("expires_at").toInstant())
                .single();
        return new Fresh(token, expiresAt);
    }

    /** For a node that has gone for good. */
    public void forget(String nodeId) {
        jdbc.sql("DELETE FROM enrolment_token WHERE node_id = :node")
                .param("node", nodeId)
                .update();
    }

    /**
     * Spends the token for {@code key}. The key that spent it may try again until the token expires; another never may.
     */
    @Transactional
    public boolean spend(String nodeId, String token, byte[] key) {
        return jdbc.sql("""
                UPDATE enrolment_token SET spent_by_key = :key
                WHERE token_hash = :hash AND node_id = :node AND expires_at > now()
                  AND (spent_by_key IS NULL OR spent_by_key = :key)
                """)
                        .param("key", key)
                        .param("hash", hash(token))
                        .param("node", nodeId)
                        .update()
                == 1;
    }

    static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
