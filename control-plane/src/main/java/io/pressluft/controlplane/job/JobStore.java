package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.ErrorCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** SQL of jobs and their parts: inserting and reading. Transitions are in {@link JobTransitions}. */
@Repository
class JobStore {

    /** The columns of a job {@code j}, as {@link #job} reads them. */
    static final String COLUMNS = """
            j.*, (SELECT json_agg(json_build_object('part', q.part, 'nodeId', q.node_id, 'role', upper(q.role),
                                                    'state', upper(q.state), 'outputs', q.outputs)
                                  ORDER BY q.part)
                  FROM job_part q WHERE q.job_id = j.id) AS parts
            """;

    private static final String SELECT =
            "SELECT " + COLUMNS + " FROM job j LEFT JOIN job_part p ON p.job_id = j.id AND p.part = 0\n";

    /** {@code p} is the job's leading part. */
    static final String NOTHING_DONE_SINCE = """
            j.exclusive
            AND NOT EXISTS (SELECT 1 FROM job later
                WHERE later.site_id = j.site_id AND later.exclusive AND later.created_at > j.created_at)
            AND (j.site_id IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM job_part q JOIN job later ON later.id = q.job_id
                WHERE q.node_id = p.node_id AND q.part = 0
                  AND later.site_id IS NULL AND later.exclusive AND later.created_at > j.created_at))
            """;

    /** The expression takes the parameter {@code waiting}. */
    static final String WAITING_TOO_LONG =
            "(NOT j.ended AND j.state = 'queued' AND coalesce(j.not_before, j.created_at) < now() - :waiting * interval '1 ms')";

    /**
     * The same for a shared job, which changed nothing: a day later, after a success of its type, or after a change to its
     * site or node it is of no interest any more. Part of another job, it is that one's matter; takes the parameter
     * {@code parts}.
     */
    private static final String SHARED_AND_NOT_MADE_UP_FOR = """
            NOT j.exclusive AND j.type <> ALL (:parts::text[]) AND j.settled_at > now() - interval '1 day'
            AND NOT EXISTS (SELECT 1 FROM job later
                WHERE later.site_id = j.site_id AND later.created_at > j.created_at
                  AND (later.exclusive OR (later.type = j.type AND later.state = 'succeeded')))
            AND (j.site_id IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM job_part q JOIN job later ON later.id = q.job_id
                WHERE q.node_id = p.node_id AND q.part = 0 AND later.site_id IS NULL AND later.created_at > j.created_at
                  AND (later.exclusive OR (later.type = j.type AND later.state = 'succeeded'))))
            """;

    /**
     * Nothing more happens to these by itself: stalled; waiting for longer than they should; or ended without their change,
     * and nothing was done about it since. Each kind is found over an index of its own.
     */
    private static final String ATTENTION =
            "j.id IN (SELECT j.id FROM job j WHERE NOT j.ended AND (j.state = 'stalled' OR "
                    + WAITING_TOO_LONG
                    + ") UNION ALL SELECT j.id FROM job j LEFT JOIN job_part p ON p.job_id = j.id AND p.part = 0"
                    + " WHERE j.failure_code IS NOT NULL AND j.state IN ('failed', 'rejected') AND ("
                    + NOTHING_DONE_SINCE
                    + " OR ("
                    + SHARED_AND_NOT_MADE_UP_FOR
                    + ")))";

    /** The unfinished exclusive job of the site; for one without a site, that of the node. */
    private static final String BLOCKING = """
            coalesce((SELECT b.id FROM job b WHERE b.busy_site = :site::text),
                     (SELECT l.job_id FROM job_part l WHERE :site::text IS NULL AND l.node_id = :node::text AND l.locks_node))
            """;

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<List<JobPart>> PARTS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final ObjectReader payloads;
    private final ObjectReader partLists;

    JobStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.payloads = json.readerFor(OBJECT);
        this.partLists = json.readerFor(PARTS);
    }

    /** The job, with its row locked to the end of the transaction: what happens to its parts happens one after the other. */
    Optional<Job> lock(String id) {
        jdbc.sql("SELECT id FROM job WHERE id = :id FOR NO KEY UPDATE")
                .param("id", id)
                .query(row -> {});
        return find(id);
    }

    /** Makes every token of the site that was given out so far an old one. */
    void raiseToken(String siteId) {
        jdbc.sql("UPDATE fence SET token = token + 1 WHERE site_id = :site")
                .param("site", siteId)
                .update();
    }

    Optional<Job> find(String id) {
        return jdbc.sql(SELECT + " WHERE j.id = :id")
                .param("id", id)
                .query(this::job)
                .optional();
    }

    /** The newest job that repeats this one. */
    Optional<Job> repeatOf(String id) {
        return jdbc.sql(SELECT + " WHERE j.retry_of = :id ORDER BY j.created_at DESC, j.id DESC LIMIT 1")
                .param("id", id)
                .query(this::job)
                .optional();
    }

    Optional<Job> byKey(String requester, String key) {
        return jdbc.sql(SELECT + " WHERE j.requested_by = :by AND j.idempotency_key = :key")
                .param("by", requester)
                .param("key", key)
                .query(this::job)
                .optional();
    }

    /** Holds the key to the end of the transaction. */
    void lockKey(String requester, String key) {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:by || ' ' || :key, 0))")
                .param("by", requester)
                .param("key", key)
                .query(row -> {});
    }

    /** The job that is in the way of an exclusive one. */
    Optional<Job> unfinishedExclusive(@Nullable String siteId, @Nullable String nodeId) {
        return jdbc.sql(SELECT + " WHERE j.id = " + BLOCKING + " LIMIT 1")
                .param("site", siteId)
                .param("node", nodeId)
                .query(this::job)
                .optional();
    }

    /**
     * One plan serves all values of a statement, so each filter is a statement of its own.
     *
     * @param parts types whose jobs belong to other jobs
     */
    List<Job> list(JobFilter filter, Duration waiting, List<String> parts, int limit) {
        return jdbc.sql(SELECT
                        + " WHERE true"
                        + (filter.siteId() == null ? "" : " AND j.site_id = :site")
                        + (filter.nodeId() == null
                                ? ""
                                : " AND j.id IN (SELECT h.job_id FROM job_part h WHERE h.node_id = :node)")
                        + (filter.state() == null ? "" : " AND j.state = :state")
                        + (filter.attention() ? " AND " + ATTENTION : "")
                        + " ORDER BY j.created_at DESC, j.id DESC LIMIT :limit")
                .param("site", filter.siteId())
                .param("node", filter.nodeId())
                .param("state", filter.state() == null ? null : filter.state().text())
                .param("waiting", waiting.toMillis())
                .param("parts", parts.toArray(String[]::new))
                .param("limit", limit)
                .query(this::job)
                .list();
    }

    /** Jobs that an agent of the node has, or should have, in hand. */
    List<Job> inHand(String nodeId) {
        return jdbc.sql(SELECT + """
                 WHERE EXISTS (SELECT 1 FROM job_part h WHERE h.job_id = j.id AND h.node_id = :node
                               AND h.state IN ('dispatched', 'running', 'applied'))
                 ORDER BY j.created_at
                """).param("node", nodeId).query(this::job).list();
    }

    Duration left(String id) {
        return Duration.ofMillis(jdbc.sql(
                        "SELECT coalesce(extract(epoch FROM deadline_at - now()) * 1000, 0)::bigint FROM job WHERE id = :id")
                .param("id", id)
                .query(Long.class)
                .single());
    }

    Map<String, Long> tokensOn(String nodeId) {
        var tokens = new java.util.HashMap<String, Long>();
        jdbc.sql("""
                SELECT DISTINCT f.site_id, f.token FROM fence f
                JOIN job j ON j.site_id = f.site_id JOIN job_part p ON p.job_id = j.id
                WHERE p.node_id = :node
                """).param("node", nodeId).query(row -> {
            tokens.put(row.getString("site_id"), row.getLong("token"));
        });
        return tokens;
    }

    /** Reads a row of {@link #COLUMNS}. */
    Job job(ResultSet row, int index) throws SQLException {
        var failureCode = row.getString("failure_code");
        var parts = row.getString("parts");
        var token = row.getObject("fencing_token", Long.class);
        return new Job(
                row.getString("id"),
                row.getString("type"),
                JobState.of(row.getString("state")),
                row.getBoolean("exclusive"),
                row.getString("site_id"),
                row.getString("environment_id"),
                parts == null ? List.of() : partLists.readValue(parts),
                token,
                payloads.readValue(row.getString("payload")),
                row.getString("requested_by"),
                row.getString("retry_of"),
                row.getInt("attempt"),
                instant(row, "not_before"),
                row.getString("verdict"),
                failureCode == null
                        ? null
                        : new JobFailure(
                                failureCode,
                                row.getString("failure_message"),
                                row.getString("failure_step"),
                                remediation(ErrorCode.ofFailure(failureCode), row)),
                row.getString("cancelled_by"),
                stallReason(row),
                required(row, "created_at"),
                instant(row, "started_at"),
                instant(row, "settled_at"),
                instant(row, "deadline_at"));
    }

    /** What is left of a change that could not be undone matters more than why it failed. */
    private static String remediation(ErrorCode code, ResultSet row) throws SQLException {
        boolean half = Boolean.FALSE.equals(row.getObject("undone", Boolean.class))
                && !"commit".equals(row.getString("verdict"))
                && code != ErrorCode.JOB_RESOLVED
                && code != ErrorCode.NODE_GONE;
        return half ? ErrorCode.UNDO_FAILED.remediation() : code.remediation();
    }

    /** The row keeps the newest reason; it holds for as long as the job is stalled. */
    private static @Nullable StallReason stallReason(ResultSet row) throws SQLException {
        var reason = row.getString("stall_reason");
        return reason == null || JobState.of(row.getString("state")) != JobState.STALLED
                ? null
                : StallReason.of(reason);
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
