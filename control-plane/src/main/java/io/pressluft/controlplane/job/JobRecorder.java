package io.pressluft.controlplane.job;

import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads what happens inside a job: steps, log, events. Everything may arrive twice. */
@Repository
public class JobRecorder {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final JobHints hints;

    JobRecorder(JdbcClient jdbc, JsonMapper json, JobHints hints) {
        this.jdbc = jdbc;
        this.json = json;
        this.hints = hints;
    }

    /** Stores the step, or updates the one with the same ordinal; a repeat of the same step adds no event. */
    @Transactional
    public void step(String jobId, JobStep step) {
        int rows = jdbc.sql("""
                INSERT INTO job_step (job_id, part, ordinal, phase, name, outcome, started_at, duration_ms, code, message)
                VALUES (:job, 0, :ordinal, :phase, :name, :outcome, :started, :duration, :code, :message)
                ON CONFLICT (job_id, part, ordinal) DO UPDATE
                SET outcome = excluded.outcome, duration_ms = excluded.duration_ms, code = excluded.code,
                    message = excluded.message
                WHERE job_step.outcome = 'running' AND excluded.outcome <> 'running'
                """)
                .param("job", jobId)
                .param("ordinal", step.ordinal())
                .param("phase", step.phase())
                .param("name", step.name())
                .param("outcome", step.outcome())
                .param("started", OffsetDateTime.ofInstant(step.startedAt(), ZoneOffset.UTC))
                .param("duration", step.durationMs())
                .param("code", step.code())
                .param("message", step.message())
                .update();
        if (rows == 1) {
            event(jobId, "step", step);
        }
    }

    /** Stores a piece of the log; a piece that is there already is ignored. */
    @Transactional
    public void log(String jobId, long offset, byte[] content) {
        jdbc.sql("""
                INSERT INTO job_log (job_id, part, byte_offset, content) VALUES (:job, 0, :offset, :content)
                ON CONFLICT DO NOTHING
                """)
                .param("job", jobId)
                .param("offset", offset)
                .param("content", content)
                .update();
    }

    /** Appends an event inside the caller's transaction. The job's row lock keeps the numbers in commit order. */
    void event(String jobId, String kind, Object body) {
        jdbc.sql("""
                WITH counted AS (
                    UPDATE job SET event_count = event_count + 1 WHERE id = :id RETURNING event_count)
                INSERT INTO job_event (job_id, number, kind, body) SELECT :id, event_count, :kind, :body::jsonb FROM counted
                """)
                .param("id", jobId)
                .param("kind", kind)
                .param("body", json.writeValueAsString(body))
                .update();
        hints.afterCommit(() -> hints.changed(jobId));
    }

    public List<JobStep> steps(String jobId) {
        return jdbc.sql("SELECT * FROM job_step WHERE job_id = :id ORDER BY seen")
                .param("id", jobId)
                .query((row, index) -> {
                    Timestamp started = row.getTimestamp("started_at");
                    return new JobStep(
                            row.getInt("ordinal"),
                            row.getString("phase"),
                            row.getString("name"),
                            row.getString("outcome"),
                            started.toInstant(),
                            row.getObject("duration_ms", Long.class),
                            row.getString("code"),
                            row.getString("message"));
                })
                .list();
    }

    /** The stored log, at most {@code limit} bytes from its start. */
    public byte[] log(String jobId, int limit) {
        var text = new java.io.ByteArrayOutputStream();
        for (var chunk : jdbc.sql("SELECT content FROM job_log WHERE job_id = :id ORDER BY part, byte_offset")
                .param("id", jobId)
                .query(byte[].class)
                .list()) {
            text.write(chunk, 0, Math.min(chunk.length, limit - text.size()));
            if (text.size() >= limit) {
                break;
            }
        }
        return text.toByteArray();
    }

    long logLength(String jobId) {
        return jdbc.sql("SELECT coalesce(max(byte_offset + length(content)), 0) FROM job_log WHERE job_id = :id")
                .param("id", jobId)
                .query(Long.class)
                .single();
    }

    int lastOrdinal(String jobId) {
        return jdbc.sql("SELECT coalesce(max(ordinal), 0) FROM job_step WHERE job_id = :id")
                .param("id", jobId)
                .query(Integer.class)
                .single();
    }

    /** Events after number {@code after}, in order. */
    List<JobEvent> eventsAfter(String jobId, int after) {
        return jdbc.sql("""
                SELECT number, kind, body::text AS body FROM job_event WHERE job_id = :id AND number > :after
                ORDER BY number LIMIT 500
                """)
                .param("id", jobId)
                .param("after", after)
                .query((row, index) -> new JobEvent(row.getInt("number"), row.getString("kind"), row.getString("body")))
                .list();
    }
}
