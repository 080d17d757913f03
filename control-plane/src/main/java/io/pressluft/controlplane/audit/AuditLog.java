package io.pressluft.controlplane.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobTold;
import io.pressluft.controlplane.job.JobsQueued;
import io.pressluft.controlplane.job.JobsSettled;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
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
    void queued(JobsQueued event) {
        add(event.jobs(), job -> "requested", job -> null);
    }

    @EventListener
    void settled(JobsSettled event) {
        add(
                event.jobs(),
                job -> job.state().text(),
                job -> job.failure() == null ? null : job.failure().code());
    }

    private void add(List<Job> jobs, Function<Job, @Nullable String> outcome, Function<Job, @Nullable String> detail) {
        jdbc.sql("""
                INSERT INTO audit_entry (actor, action, target, outcome, job_id, detail)
                SELECT * FROM unnest(:actors::text[], :actions::text[], :targets::text[], :outcomes::text[], :jobs::text[],
                                     :details::text[])
                """)
                .param("actors", texts(jobs, Job::requestedBy))
                .param("actions", texts(jobs, Job::type))
                .param("targets", texts(jobs, AuditLog::target))
                .param("outcomes", texts(jobs, outcome))
                .param("jobs", texts(jobs, Job::id))
                .param("details", texts(jobs, detail))
                .update();
    }

    private static @Nullable String[] texts(List<Job> jobs, Function<Job, @Nullable String> what) {
        return jobs.stream().map(what).toArray(String[]::new);
    }

    @EventListener
    void told(JobTold event) {
        var job = event.job();
        add(event.by(), job.type(), target(job), event.action(), job.id(), null);
    }

    private static String target(Job job) {
        return String.valueOf(job.siteId() != null ? job.siteId() : job.nodeId());
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
