package io.pressluft.controlplane.job;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * The guarded updates of jobs that the control plane does itself, for several jobs in one statement, each with the events
 * that belong to it. Several states follow each other inside a transaction here; every one of them is written, so that
 * the database judges each step, and the last of them is told.
 */
@Repository
class WorkerTransitions {

    private static final String DISPATCH = """
            UPDATE job j SET state = 'dispatched', dispatched_at = now(), worker = :worker, worker_seen_at = now(),
                   started_at = coalesce(j.started_at, now()),
                   deadline_at = now() + (:deadlines::bigint[])[array_position(:types::text[], j.type)] * interval '1 ms'
            WHERE j.state = 'queued' AND coalesce(j.not_before, now()) <= now() AND j.id = ANY (
            """;

    private static final String DISPATCHED = ") RETURNING " + JobStore.COLUMNS;

    private final JdbcClient jdbc;
    private final JobStore store;
    private final JsonMapper json;

    WorkerTransitions(JdbcClient jdbc, JobStore store, JsonMapper json) {
        this.jdbc = jdbc;
        this.store = store;
        this.json = json;
    }

    /**
     * Takes the oldest queued jobs that may begin and that nobody else is taking at this moment. The conditions are one
     * expression, of which PostgreSQL guesses that it often holds: if it expects few rows, it reads all unfinished jobs, and
     * those that have ended since the last VACUUM, instead of the oldest ones in their order.
     *
     * @param types whose jobs are wanted
     * @return dispatched, the oldest first
     */
    List<Job> dispatch(int most, List<JobTraits> types, String worker) {
        return dispatched(jdbc.sql(DISPATCH + """
                        ARRAY(SELECT id FROM job WHERE NOT ended
                                AND CASE WHEN state = 'queued' AND type = ANY (:types::text[])
                                         THEN coalesce(not_before, now()) <= now() ELSE false END
                              ORDER BY created_at LIMIT :most FOR NO KEY UPDATE SKIP LOCKED)
                        """ + DISPATCHED).param("most", most), types, worker);
    }

    /**
     * Takes those of these jobs that nobody else has and that may begin.
     *
     * @return dispatched, the oldest first
     */
    List<Job> dispatch(List<String> ids, List<JobTraits> types, String worker) {
        return dispatched(
                jdbc.sql(DISPATCH + ":ids::text[]" + DISPATCHED).param("ids", ids.toArray(String[]::new)),
                types,
                worker);
    }

    private List<Job> dispatched(JdbcClient.StatementSpec taking, List<JobTraits> types, String worker) {
        return taking
                .param("worker", worker)
                .param("types", names(types))
                .param(
                        "deadlines",
                        types.stream().map(type -> type.deadline().toMillis()).toArray(Long[]::new))
                .query(store::job)
                .list()
                .stream()
                .sorted(Comparator.comparing(Job::createdAt))
                .toList();
    }

    private static String[] names(List<JobTraits> types) {
        return types.stream().map(JobTraits::name).toArray(String[]::new);
    }

    /** Has jobs that this transaction has dispatched run; nobody sees the state between the two, so it is no event. */
    void run(List<Job> running) {
        jdbc.sql("""
                WITH moved AS (
                    UPDATE job j SET state = 'running', event_count = event_count + 1
                    WHERE j.id = ANY (:ids::text[]) AND j.state = 'dispatched' RETURNING j.id, j.event_count)
                INSERT INTO job_event (job_id, number, kind, body)
                SELECT m.id, m.event_count, 'job', told.body::jsonb
                FROM moved m JOIN unnest(:ids::text[], :bodies::text[]) AS told (id, body) ON told.id = m.id
                """)
                .param("ids", ids(running))
                .param("bodies", bodies(running))
                .update();
    }

    /**
     * The work of these jobs is done.
     *
     * @return when the transaction began, for those that still are the worker's and were not told to end
     */
    Map<String, Instant> verify(List<String> ids, String worker) {
        var verified = new HashMap<String, Instant>();
        jdbc.sql("""
                UPDATE job j SET state = 'verifying', worker_seen_at = now(), started_at = coalesce(j.started_at, now())
                WHERE j.id = ANY (:ids::text[]) AND j.worker = :worker
                  AND j.state IN ('running', 'stalled', 'verifying') AND j.verdict IS NULL
                RETURNING j.id, j.worker_seen_at
                """)
                .param("ids", ids.toArray(String[]::new))
                .param("worker", worker)
                .query(row -> {
                    verified.put(
                            row.getString("id"),
                            row.getTimestamp("worker_seen_at").toInstant());
                });
        return verified;
    }

    /** Ends jobs whose rows this transaction has found to be verifying. */
    void succeed(List<Job> succeeded) {
        jdbc.sql("""
                WITH ended AS (
                    UPDATE job SET state = 'succeeded', verdict = 'commit', settled_at = now(), event_count = event_count + 1
                    WHERE id = ANY (:ids::text[]) AND state = 'verifying' RETURNING id, event_count),
                unlocked AS (UPDATE job_part SET locks_node = false WHERE job_id = ANY (:ids::text[]) AND locks_node)
                INSERT INTO job_event (job_id, number, kind, body)
                SELECT e.id, e.event_count, 'job', told.body::jsonb
                FROM ended e JOIN unnest(:ids::text[], :bodies::text[]) AS told (id, body) ON told.id = e.id
                """)
                .param("ids", ids(succeeded))
                .param("bodies", bodies(succeeded))
                .update();
    }

    private static String[] ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toArray(String[]::new);
    }

    private String[] bodies(List<Job> jobs) {
        return jobs.stream()
                .map(job -> json.writeValueAsString(JobView.of(job)))
                .toArray(String[]::new);
    }
}
