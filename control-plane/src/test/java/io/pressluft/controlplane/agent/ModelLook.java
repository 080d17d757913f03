package io.pressluft.controlplane.agent;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A job and what belongs to it, read in one statement.
 *
 * @param site state of the site; absent for a job of a node
 * @param fence the site's newest token
 * @param holding unfinished exclusive jobs of the site
 */
record ModelLook(
        String state,
        @Nullable String verdict,
        @Nullable Boolean undone,
        @Nullable String failure,
        @Nullable Long token,
        boolean exclusive,
        @Nullable String worker,
        boolean settled,
        int eventCount,
        int events,
        int lastEvent,
        List<String> parts,
        @Nullable Long fence,
        @Nullable String site,
        @Nullable String environment,
        int holding) {

    private static final Set<String> ENDS = Set.of("succeeded", "failed", "cancelled", "rejected");

    static ModelLook at(JdbcClient jdbc, String id) {
        return jdbc.sql("""
                SELECT j.state, j.verdict, j.undone, j.failure_code, j.fencing_token, j.exclusive, j.worker, j.event_count,
                       j.settled_at IS NOT NULL AS settled,
                       (SELECT count(*) FROM job_event e WHERE e.job_id = j.id) AS events,
                       (SELECT coalesce(max(e.number), 0) FROM job_event e WHERE e.job_id = j.id) AS last_event,
                       (SELECT string_agg(coalesce(p.state, ''), ',' ORDER BY p.part) FROM job_part p WHERE p.job_id = j.id)
                           AS parts,
                       f.token AS fence, s.state AS site, v.state AS environment,
                       (SELECT count(*) FROM job o WHERE o.site_id = j.site_id AND o.exclusive
                        AND o.state IN ('queued', 'dispatched', 'running', 'verifying', 'stalled')) AS holding
                FROM job j LEFT JOIN fence f ON f.site_id = j.site_id LEFT JOIN site s ON s.id = j.site_id
                     LEFT JOIN environment v ON v.id = j.environment_id
                WHERE j.id = :id
                """)
                .param("id", id)
                .query((row, index) -> new ModelLook(
                        row.getString("state"),
                        row.getString("verdict"),
                        row.getObject("undone", Boolean.class),
                        row.getString("failure_code"),
                        row.getObject("fencing_token", Long.class),
                        row.getBoolean("exclusive"),
                        row.getString("worker"),
                        row.getBoolean("settled"),
                        row.getInt("event_count"),
                        row.getInt("events"),
                        row.getInt("last_event"),
                        List.of(row.getString("parts").split(",", -1)),
                        row.getObject("fence", Long.class),
                        row.getString("site"),
                        row.getString("environment"),
                        row.getInt("holding")))
                .single();
    }

    boolean ended() {
        return ENDS.contains(state);
    }

    /** Whether every part is in one of these states. */
    boolean all(String... states) {
        return Set.of(states).containsAll(parts);
    }

    boolean has(String part) {
        return parts.contains(part);
    }

    /** Without what may still be added to a job that has ended. */
    String outcome() {
        return "%s verdict=%s undone=%s failure=%s token=%s parts=%s"
                .formatted(state, verdict, undone, failure, token, parts);
    }
}
