package io.pressluft.controlplane.job;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * The guarded updates of jobs that the control plane does itself, each with the events that belong to it in one statement.
 * Several states follow each other inside a transaction here; every one of them is written.
 */
@Repository
class WorkerTransitions {

    private final JdbcClient jdbc;
    private final JobStore store;
    private final JsonMapper json;

    WorkerTransitions(JdbcClient jdbc, JobStore store, JsonMapper json) {
        this.jdbc = jdbc;
        this.store = store;
        this.json = json;
    }

    /**
     * Takes the oldest queued jobs that nobody else is taking at this moment.
     *
     * @param types whose jobs are taken
     * @return at most {@code most}, dispatched, the oldest first
     */
    List<Job> dispatch(List<JobTraits> types, String worker, int most) {
        return jdbc
                .sql("""
                UPDATE job j SET state = 'dispatched', dispatched_at = now(), worker = :worker, worker_seen_at = now(),
                       started_at = coalesce(j.started_at, now()),
                       deadline_at = now() + (:deadlines::bigint[])[array_position(:types::text[], j.type)] * interval '1 ms'
                WHERE j.id = ANY (ARRAY(
                    SELECT id FROM job WHERE NOT ended AND state = 'queued' AND type = ANY (:types::text[])
                      AND coalesce(not_before, now()) <= now()
                    ORDER BY created_at LIMIT :most FOR NO KEY UPDATE SKIP LOCKED))
                RETURNING
                """ + JobStore.COLUMNS)
                .param("worker", worker)
                .param("types", types.stream().map(JobTraits::name).toArray(String[]::new))
                .param(
                        "deadlines",
                        types.stream().map(type -> type.deadline().toMillis()).toArray(Long[]::new))
                .param("most", most)
                .query(store::job)
                .stream()
                .sorted(Comparator.comparing(Job::createdAt))
                .toList();
    }

    /** Has jobs that were dispatched in this transaction run. */
    void run(List<Job> dispatched, List<Job> running) {
        jdbc.sql("""
                WITH told AS (
                    SELECT * FROM unnest(:ids::text[], :dispatched::text[], :running::text[]) AS t (id, dispatched, running)),
                moved AS (
                    UPDATE job j SET state = 'running', event_count = event_count + 2
                    WHERE j.id = ANY (:ids::text[]) AND j.state = 'dispatched' RETURNING j.id, j.event_count)
                INSERT INTO job_event (job_id, number, kind, body)
                SELECT m.id, m.event_count - 2 + e.place, 'job', e.body::jsonb
                FROM moved m JOIN told ON told.id = m.id
                CROSS JOIN LATERAL (VALUES (1, told.dispatched), (2, told.running)) AS e (place, body)
                """)
                .param("ids", running.stream().map(Job::id).toArray(String[]::new))
                .param("dispatched", bodies(dispatched))
                .param("running", bodies(running))
                .update();
    }

    /** A job whose work is done, and when the transaction began that says so. */
    record Verified(Job job, Instant at) {}

    /** Empty when the job is another worker's by now or was told to end. */
    Optional<Verified> verify(String id, String worker) {
        return jdbc.sql("""
                UPDATE job j SET state = 'verifying', worker_seen_at = now(), started_at = coalesce(j.started_at, now())
                WHERE j.id = :id AND j.worker = :worker AND j.state IN ('running', 'stalled', 'verifying') AND j.verdict IS NULL
                RETURNING
                """ + JobStore.COLUMNS)
                .param("id", id)
                .param("worker", worker)
                .query((row, index) -> new Verified(
                        store.job(row, index),
                        row.getTimestamp("worker_seen_at").toInstant()))
                .optional();
    }

    /** Ends a job whose row this transaction has found to be verifying. */
    void succeed(Job verifying, Job succeeded) {
        jdbc.sql("""
                WITH ended AS (
                    UPDATE job SET state = 'succeeded', verdict = 'commit', settled_at = now(), event_count = event_count + 2
                    WHERE id = :id AND state = 'verifying' RETURNING event_count),
                unlocked AS (UPDATE job_part SET locks_node = false WHERE job_id = :id AND locks_node)
                INSERT INTO job_event (job_id, number, kind, body)
                SELECT :id, ended.event_count - 2 + e.place, 'job', e.body::jsonb
                FROM ended, (VALUES (1, :verifying), (2, :succeeded)) AS e (place, body)
                """)
                .param("id", succeeded.id())
                .param("verifying", body(verifying))
                .param("succeeded", body(succeeded))
                .update();
    }

    private String[] bodies(List<Job> jobs) {
        return jobs.stream().map(this::body).toArray(String[]::new);
    }

    private String body(Job job) {
        return json.writeValueAsString(JobView.of(job, false, null));
    }
}
