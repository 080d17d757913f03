package io.pressluft.controlplane.job;

import io.pressluft.protocol.text.Redaction;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads what happens inside a job: steps, log, events. Everything may arrive twice; secrets are masked. */
@Repository
public class JobRecorder {

    /** What a part's log may hold, in bytes: 1 MiB and the sentence that says that it was cut there. */
    static final long LONGEST_LOG = (1 << 20) + 1024;

    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_MESSAGE = 2_000;

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
    public void step(String jobId, JobStep said) {
        var step = said.with(shown(said.name(), LONGEST_NAME), shown(said.message(), LONGEST_MESSAGE));
        int rows = jdbc.sql("""
                INSERT INTO job_step (job_id, part, ordinal, phase, name, outcome, started_at, duration_ms, code, message)
                VALUES (:job, :part, :ordinal, :phase, :name, :outcome, :started, :duration, :code, :message)
                ON CONFLICT (job_id, part, ordinal) DO UPDATE
                SET outcome = excluded.outcome, duration_ms = excluded.duration_ms, code = excluded.code,
                    message = excluded.message
                WHERE job_step.outcome = 'running' AND excluded.outcome <> 'running'
                """)
                .param("job", jobId)
                .param("part", step.part())
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

    /** For when nobody will tell any more how the steps under way have ended. */
    @Transactional
    void endSteps(String jobId, @Nullable String code, String why) {
        steps(jobId).stream()
                .filter(step -> step.outcome().equals("running"))
                .forEach(step -> step(
                        jobId,
                        new JobStep(
                                step.part(),
                                step.ordinal(),
                                step.phase(),
                                step.name(),
                                "failed",
                                step.startedAt(),
                                null,
                                code,
                                why)));
    }

    private static String shown(@Nullable String text, int most) {
        return text == null ? "" : ShownText.of(text, most);
    }

    /**
     * Stores a piece of a part's log. A piece that is there already, that would leave a gap before it, or that goes past
     * the bound is ignored.
     */
    @Transactional
    public void log(String jobId, int part, long offset, byte[] content) {
        // Looking for secrets in what is not kept is time that a hostile agent would have for nothing.
        if (content.length == 0 || offset + content.length > LONGEST_LOG || offset != logLength(jobId, part)) {
            return;
        }
        int rows = jdbc.sql("""
                INSERT INTO job_log (job_id, part, byte_offset, content)
                SELECT :job, :part, :offset, :content
                WHERE :offset = coalesce((SELECT byte_offset + length(content) FROM job_log
                                          WHERE job_id = :job AND part = :part ORDER BY byte_offset DESC LIMIT 1), 0)
                ON CONFLICT DO NOTHING
                """)
                .param("job", jobId)
                .param("part", part)
                .param("offset", offset)
                .param("content", Redaction.of(content))
                .update();
        if (rows == 1) {
            event(jobId, "log", Map.of("part", part, "offset", offset));
        }
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
                            row.getInt("part"),
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

    /** The log, part after part. Each is bounded when it is written. */
    public byte[] log(String jobId) {
        var text = new ByteArrayOutputStream();
        for (var piece : jdbc.sql("SELECT content FROM job_log WHERE job_id = :id ORDER BY part, byte_offset")
                .param("id", jobId)
                .query(byte[].class)
                .list()) {
            text.writeBytes(piece);
        }
        return text.toByteArray();
    }

    long logLength(String jobId) {
        return logLength(jobId, 0);
    }

    private long logLength(String jobId, int part) {
        return jdbc.sql("""
                SELECT coalesce((SELECT byte_offset + length(content) FROM job_log
                                 WHERE job_id = :id AND part = :part ORDER BY byte_offset DESC LIMIT 1), 0)
                """)
                .param("id", jobId)
                .param("part", part)
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
                SELECT e.number, e.kind, e.body::text AS body, l.part, l.byte_offset, l.content
                FROM job_event e
                LEFT JOIN job_log l ON e.kind = 'log' AND l.job_id = e.job_id AND l.part = (e.body ->> 'part')::integer
                                   AND l.byte_offset = (e.body ->> 'offset')::bigint
                WHERE e.job_id = :id AND e.number > :after ORDER BY e.number LIMIT 500
                """)
                .param("id", jobId)
                .param("after", after)
                .query((row, index) -> new JobEvent(row.getInt("number"), row.getString("kind"), body(row)))
                .list();
    }

    /** An event of the log names its piece; the text is not kept twice. */
    private String body(ResultSet row) throws SQLException {
        var content = row.getBytes("content");
        if (content == null) {
            return row.getString("body");
        }
        return json.writeValueAsString(new LogPiece(
                row.getInt("part"), row.getLong("byte_offset"), new String(content, StandardCharsets.UTF_8)));
    }

    /** A piece of the log as those who follow the job get it. */
    private record LogPiece(int part, long offset, String text) {}
}
