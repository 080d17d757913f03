package io.pressluft.controlplane.alert;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** SQL of incidents and their members. Time is the database's. */
@Repository
class IncidentStore {

    private static final String SELECT = """
            SELECT i.*, (SELECT json_agg(json_build_object('id', m.subject, 'name', m.name, 'since', m.since)
                                         ORDER BY m.since, m.name)
                         FROM incident_member m WHERE m.incident_id = i.id AND m.gone_at IS NULL) AS members
            FROM incident i
            """;

    private static final TypeReference<List<Member>> MEMBERS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;

    IncidentStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Whether nobody else looks for incidents to the end of this transaction. */
    boolean alone() {
        return jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtextextended('pressluft: incidents', 0))")
                .query(Boolean.class)
                .single();
    }

    /** Nothing happens when one of the kind has not cleared yet. */
    void begin(String id, IncidentKind kind) {
        jdbc.sql("""
                INSERT INTO incident (id, kind, state) VALUES (:id, :kind, 'gathering')
                ON CONFLICT (kind) WHERE state <> 'cleared' DO NOTHING
                """).param("id", id).param("kind", kind.text()).update();
    }

    Optional<Incident> unfinished(IncidentKind kind) {
        return jdbc.sql(SELECT + " WHERE i.kind = :kind AND i.state <> 'cleared'")
                .param("kind", kind.text())
                .query(this::incident)
                .optional();
    }

    Incident get(String id) {
        return jdbc.sql(SELECT + " WHERE i.id = :id")
                .param("id", id)
                .query(this::incident)
                .single();
    }

    /**
     * Brings the members up to date: whoever is in trouble no more is gone, whoever joins is new or back. Who is back before
     * it was calm was never away for those who are told.
     */
    void members(String id, Sighted seen, Duration calm) {
        int gone = jdbc.sql("""
                UPDATE incident_member SET gone_at = now()
                WHERE incident_id = :id AND gone_at IS NULL AND subject <> ALL (:present::text[])
                """)
                .param("id", id)
                .param("present", texts(seen.present(), Member::id))
                .update();
        int joined = jdbc.sql("""
                INSERT INTO incident_member (incident_id, subject, name, since)
                SELECT :id, j.subject, j.name, to_timestamp(j.since / 1000000.0)
                FROM unnest(:ids::text[], :names::text[], :since::bigint[]) AS j (subject, name, since)
                ON CONFLICT (incident_id, subject) DO UPDATE
                    SET gone_at = NULL, name = excluded.name, since = excluded.since,
                        told = incident_member.told AND incident_member.gone_at > now() - :calm * interval '1 ms',
                        joined_at = CASE WHEN incident_member.gone_at > now() - :calm * interval '1 ms'
                                         THEN incident_member.joined_at ELSE now() END
                    WHERE incident_member.gone_at IS NOT NULL
                """)
                .param("id", id)
                .param("calm", calm.toMillis())
                .param("ids", texts(seen.joining(), Member::id))
                .param("names", texts(seen.joining(), Member::name))
                .param(
                        "since",
                        seen.joining().stream()
                                .map(member -> micros(member.since()))
                                .toArray(Long[]::new))
                .update();
        count(id, gone + joined > 0);
    }

    private void count(String id, boolean changed) {
        jdbc.sql("""
                UPDATE incident i SET most = greatest(i.most, m.present),
                    since = least(i.since, m.since),
                    calm_since = CASE WHEN m.present = 0 THEN coalesce(i.calm_since, now()) END,
                    changed_at = CASE WHEN :changed THEN now() ELSE i.changed_at END
                FROM (SELECT count(*) FILTER (WHERE gone_at IS NULL) AS present, min(since) AS since
                      FROM incident_member WHERE incident_id = :id) m
                WHERE i.id = :id
                """).param("id", id).param("changed", changed).update();
    }

    /** Opens one that has gathered for long enough and is not over already. */
    boolean open(String id, Duration settle) {
        return jdbc.sql("""
                UPDATE incident SET state = 'open', opened_at = now()
                WHERE id = :id AND state = 'gathering' AND calm_since IS NULL
                  AND began_at <= now() - :settle * interval '1 ms'
                """).param("id", id).param("settle", settle.toMillis()).update() == 1;
    }

    /** Whether somebody should hear who has joined: they have gathered for long enough, and the last message is old enough. */
    boolean grown(String id, Duration settle, Duration again) {
        return jdbc.sql("""
                SELECT EXISTS (SELECT 1 FROM incident i JOIN incident_member m ON m.incident_id = i.id
                               WHERE i.id = :id AND i.state = 'open' AND i.told_at <= now() - :again * interval '1 ms'
                                 AND m.gone_at IS NULL AND NOT m.told
                                 AND m.joined_at <= now() - :settle * interval '1 ms')
                """)
                .param("id", id)
                .param("settle", settle.toMillis())
                .param("again", again.toMillis())
                .query(Boolean.class)
                .single();
    }

    /** Takes down that a message says who the members are now, and answers those that none has named before. */
    List<Member> tell(String id) {
        jdbc.sql("UPDATE incident SET told_at = now() WHERE id = :id")
                .param("id", id)
                .update();
        return jdbc
                .sql("""
                UPDATE incident_member SET told = true WHERE incident_id = :id AND gone_at IS NULL AND NOT told
                RETURNING subject, name, since
                """)
                .param("id", id)
                .query((row, index) -> new Member(
                        row.getString("subject"),
                        row.getString("name"),
                        row.getTimestamp("since").toInstant()))
                .list()
                .stream()
                .sorted(Comparator.comparing(Member::since).thenComparing(Member::name))
                .toList();
    }

    /** The number of the next message about it. */
    int nextMessage(String id) {
        return jdbc.sql("UPDATE incident SET messages = messages + 1 WHERE id = :id RETURNING messages")
                .param("id", id)
                .query(Integer.class)
                .single();
    }

    /** Clears one that has had no member for long enough. */
    boolean clear(String id, Duration calm) {
        return jdbc.sql("""
                UPDATE incident SET state = 'cleared', cleared_at = now()
                WHERE id = :id AND state = 'open' AND calm_since <= now() - :calm * interval '1 ms'
                """).param("id", id).param("calm", calm.toMillis()).update() == 1;
    }

    /** Forgets one that was over before anybody was told. */
    boolean forget(String id, Duration calm) {
        return jdbc.sql("""
                DELETE FROM incident
                WHERE id = :id AND state = 'gathering' AND calm_since <= now() - :calm * interval '1 ms'
                """).param("id", id).param("calm", calm.toMillis()).update() == 1;
    }

    /** Forgets, with their members and messages, those that cleared too long ago. */
    int forgetCleared(Duration kept) {
        return jdbc.sql("DELETE FROM incident WHERE state = 'cleared' AND cleared_at < now() - :kept * interval '1 ms'")
                .param("kept", kept.toMillis())
                .update();
    }

    /** Open ones first, then what has cleared, newest first. */
    List<Incident> told(int limit) {
        return jdbc.sql(SELECT + """
                 WHERE i.state <> 'gathering' ORDER BY i.cleared_at DESC NULLS FIRST, i.opened_at DESC, i.id LIMIT :limit
                """)
                .param("limit", limit)
                .query(this::incident)
                .list();
    }

    List<Incident> open() {
        return jdbc.sql(SELECT + " WHERE i.state = 'open' ORDER BY i.opened_at, i.id")
                .query(this::incident)
                .list();
    }

    private static String[] texts(List<Member> members, Function<Member, String> text) {
        return members.stream().map(text).toArray(String[]::new);
    }

    private static long micros(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1_000L);
    }

    private Incident incident(ResultSet row, int index) throws SQLException {
        var members = row.getString("members");
        return new Incident(
                row.getString("id"),
                IncidentKind.of(row.getString("kind")),
                IncidentState.of(row.getString("state")),
                Objects.requireNonNull(instant(row, "since")),
                Objects.requireNonNull(instant(row, "changed_at")),
                instant(row, "opened_at"),
                instant(row, "cleared_at"),
                row.getInt("most"),
                members == null ? List.of() : json.readValue(members, MEMBERS));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
