package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.job.JobLife;
import io.pressluft.controlplane.job.StallReason;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Marks the jobs of agents as stalled that are silent, or that do not end a job in time. Nothing is retried: the site stays locked until the agent's journal settles
 * what happened.
 */
@Component
class Silence {

    private static final Logger log = LoggerFactory.getLogger(Silence.class);

    private final JdbcClient jdbc;
    private final JobLife life;
    private final AgentSettings settings;
    private final Listening listening;

    Silence(JdbcClient jdbc, JobLife life, AgentSettings settings, Listening listening) {
        this.jdbc = jdbc;
        this.life = life;
        this.settings = settings;
        this.listening = listening;
    }

    private List<String> overdue() {
        return jdbc.sql("""
                SELECT id FROM job WHERE NOT ended AND worker IS NULL AND state IN ('dispatched', 'running', 'verifying')
                  AND deadline_at < now() - :patience * interval '1 ms'
                """)
                .param("patience", settings.overdue().toMillis())
                .query((row, index) -> row.getString("id"))
                .list();
    }

    private List<String> silent() {
        return jdbc.sql("""
                SELECT DISTINCT j.id FROM job j JOIN job_part p ON p.job_id = j.id JOIN node n ON n.id = p.node_id
                WHERE p.state IN ('dispatched', 'running', 'applied')
                  AND NOT j.ended AND j.state IN ('dispatched', 'running', 'verifying')
                  AND coalesce(n.last_heartbeat_at, j.dispatched_at) < now() - :silence::interval
                """)
                .param("silence", settings.silence().toSeconds() + " seconds")
                .query((row, index) -> row.getString("id"))
                .list();
    }

    @Scheduled(fixedDelay = 2_000)
    void look() {
        try {
            var overdue = overdue();
            var silent = silent();
            if (listening.longEnough()) {
                overdue.forEach(id -> life.stalled(id, StallReason.OVERDUE));
                silent.forEach(id -> life.stalled(id, StallReason.AGENT_SILENT));
            }
        } catch (DataAccessException | TransactionException e) {
            listening.interrupted();
            log.warn("Silent agents could not be looked for: {}", e.getMessage());
        }
    }
}
