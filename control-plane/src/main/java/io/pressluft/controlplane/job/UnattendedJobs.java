package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The jobs that somebody should be told of. Fewer than those that ask for attention: a failure that was undone can wait, and
 * whoever ended a stalled job by hand knows of it.
 */
@Component
public class UnattendedJobs {

    private final JdbcClient jdbc;

    UnattendedJobs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Why nothing more happens to a job by itself. */
    public enum Reason {
        STALLED,
        WAITING,
        HALF_MADE
    }

    /**
     * One of them.
     *
     * @param nodeIds where its parts are
     * @param since when it came to this; of a stalled job, the time of the question
     */
    public record Unattended(String id, String type, Reason reason, List<String> nodeIds, Instant since) {}

    /** All there are, oldest first. */
    public List<Unattended> all() {
        // One after the other, so that each finds its few jobs over an index, however many there are.
        return jdbc.sql("SELECT * FROM ("
                        + select("stalled", "now()", "NOT j.ended AND j.state = 'stalled'")
                        + " UNION ALL "
                        + select("waiting", "coalesce(j.not_before, j.created_at)", JobStore.WAITING_TOO_LONG)
                        + " UNION ALL "
                        + select(
                                "half_made",
                                "j.settled_at",
                                "j.state = 'failed' AND NOT j.undone AND j.failure_code <> :resolved AND "
                                        + JobStore.NOTHING_DONE_SINCE)
                        + ") u ORDER BY created_at, id")
                .param("waiting", Jobs.WAITING.toMillis())
                .param("resolved", ErrorCode.JOB_RESOLVED.code())
                .query((row, index) -> new Unattended(
                        row.getString("id"),
                        row.getString("type"),
                        Reason.valueOf(row.getString("reason").toUpperCase(Locale.ROOT)),
                        List.of((String[]) row.getArray("nodes").getArray()),
                        row.getTimestamp("since").toInstant()))
                .list();
    }

    private static String select(String reason, String since, String condition) {
        return """
                SELECT j.id, j.type, j.created_at, '%s' AS reason, %s AS since,
                       ARRAY(SELECT a.node_id FROM job_part a WHERE a.job_id = j.id ORDER BY a.part) AS nodes
                FROM job j LEFT JOIN job_part p ON p.job_id = j.id AND p.part = 0 WHERE %s
                """.formatted(reason, since, condition);
    }
}
