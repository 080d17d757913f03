package io.pressluft.controlplane.job;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What was done about a job's site, or about its node when it has no site, after the job was written. A site's jobs are
 * ordered by their tokens, all others by time. A repeat that still waits out its pause has done nothing.
 */
@Repository
class LaterJobs {

    private static final String LATER = """
            SELECT j.id AS earlier, l.id, l.type FROM job j CROSS JOIN LATERAL (
                SELECT id, type FROM (
                    SELECT x.id, x.type, x.created_at, x.retry_of, x.state, x.not_before FROM job x
                    WHERE j.site_id IS NOT NULL AND x.site_id = j.site_id AND x.exclusive
                      AND CASE WHEN j.fencing_token IS NULL THEN x.created_at > j.created_at
                               ELSE x.fencing_token > j.fencing_token END
                    UNION ALL
                    SELECT x.id, x.type, x.created_at, x.retry_of, x.state, x.not_before
                    FROM job_part p JOIN job_part q ON q.node_id = p.node_id AND q.part = 0 JOIN job x ON x.id = q.job_id
                    WHERE j.site_id IS NULL AND p.job_id = j.id AND p.part = 0
                      AND x.site_id IS NULL AND x.exclusive AND x.created_at > j.created_at) x
                WHERE (x.state <> 'queued' OR x.retry_of IS DISTINCT FROM j.id OR coalesce(x.not_before, now()) <= now())
                  AND x.id <> :except
                ORDER BY x.created_at DESC LIMIT 1) l
            WHERE j.id = ANY (:ids)
            """;

    private final JdbcClient jdbc;

    LaterJobs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A job that was written after another one. */
    record Later(String id, String type) {}

    /** The newest job after this one; {@code except} is none. */
    Optional<Later> after(String id, String except) {
        return jdbc.sql(LATER)
                .param("ids", new String[] {id})
                .param("except", except)
                .query((row, index) -> new Later(row.getString("id"), row.getString("type")))
                .optional();
    }

    /** For each of these jobs that is not the newest, the newest one. */
    Map<String, Later> after(Collection<String> ids) {
        return jdbc
                .sql(LATER)
                .param("ids", ids.toArray(String[]::new))
                .param("except", "")
                .query((row, index) ->
                        Map.entry(row.getString("earlier"), new Later(row.getString("id"), row.getString("type"))))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
