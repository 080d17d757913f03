package io.pressluft.controlplane.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobQueued;
import io.pressluft.controlplane.job.JobSettled;
import io.pressluft.controlplane.job.JobTold;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Appends one line when a mutation is asked for and one when it has ended, in the same transactions. */
@Component
public class AuditLog {

    private final JdbcClient jdbc;

    AuditLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One line of the log. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Entry(
            Instant at,
            String actor,
            String action,
            String target,
            String outcome,
            @Nullable String jobId,
            @Nullable String detail) {}

    @EventListener
    void queued(JobQueued event) {
        append(event.job(), "requested", null);
    }

    @EventListener
    void settled(JobSettled event) {
        var failure = event.job().failure();
        append(event.job(), event.outcome().text(), failure == null ? null : failure.code());
    }

    @EventListener
    void told(JobTold event) {
        var job = event.job();
        var target = job.siteId() != null ? job.siteId() : job.nodeId();
        add(event.by(), job.type(), String.valueOf(target), event.action(), job.id(), null);
    }

    private void append(Job job, String outcome, @Nullable String detail) {
        var target = job.siteId() != null ? job.siteId() : job.nodeId();
        add(job.requestedBy(), job.type(), String.valueOf(target), outcome, job.id(), detail);
    }

    /** Appends a line for something that is no job. */
    public void add(
            String actor,
            String action,
            String target,
            String outcome,
            @Nullable String jobId,
            @Nullable String detail) {
        jdbc.sql("""
                INSERT INTO audit_entry (actor, action, target, outcome, job_id, detail)
                VALUES (:actor, :action, :target, :outcome, :job, :detail)
                """)
                .param("actor", actor)
                .param("action", action)
                .param("target", target)
                .param("outcome", outcome)
                .param("job", jobId)
                .param("detail", detail)
                .update();
    }

    /** Newest first. */
    public List<Entry> newest(int limit) {
        return jdbc.sql("SELECT * FROM audit_entry ORDER BY id DESC LIMIT :limit")
                .param("limit", limit)
                .query((row, index) -> new Entry(
                        row.getTimestamp("at").toInstant(),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("target"),
                        row.getString("outcome"),
                        row.getString("job_id"),
                        row.getString("detail")))
                .list();
    }
}
