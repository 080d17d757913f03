package io.pressluft.controlplane.job;

import io.pressluft.controlplane.harness.RunningControlPlane;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Walks jobs of the control plane itself through their life, in the words of the workers of several replicas. */
public final class WorkerWalk {

    /** Longer than any test takes, so that only {@link #fallSilent} makes a worker silent. */
    private static final Duration SILENCE = Duration.ofHours(1);

    private final WorkerLife life;
    private final JobTransitions transitions;
    private final JobStore store;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;

    public WorkerWalk(RunningControlPlane app) {
        this.life = app.bean(WorkerLife.class);
        this.transitions = app.bean(JobTransitions.class);
        this.store = app.bean(JobStore.class);
        this.transaction = app.transaction();
        this.jdbc = app.jdbc();
    }

    public boolean take(String id, String worker) {
        return !life.take(List.of(id), worker).isEmpty();
    }

    public boolean done(String id, String worker) {
        return life.done(List.of(store.find(id).orElseThrow()), worker).contains(id);
    }

    public boolean failed(String id, String worker, JobFailure failure) {
        return life.failed(id, worker, failure);
    }

    /** The replica that has the job is not heard of from now on. */
    public void fallSilent(String id) {
        jdbc.sql("UPDATE job SET worker_seen_at = now() - interval '2 h' WHERE id = :id AND worker_seen_at IS NOT NULL")
                .param("id", id)
                .update();
    }

    /** Another replica takes over what a silent one had. */
    public boolean adopt(String id, String worker) {
        if (!transitions.abandoned(SILENCE).contains(id) || !transitions.adopt(id, worker, SILENCE)) {
            return false;
        }
        life.resumed(id);
        return true;
    }

    /** Writes an exclusive job of a site without looking whether the site is busy, as the loser of a race would. */
    public void writeBlindly(String id, NewJob wanted) {
        transaction.executeWithoutResult(status -> {
            long token = jdbc.sql("""
                            INSERT INTO fence (site_id, token) VALUES (:site, 1)
                            ON CONFLICT (site_id) DO UPDATE SET token = fence.token + 1 RETURNING token
                            """)
                    .param("site", wanted.siteId())
                    .query(Long.class)
                    .single();
            jdbc.sql("""
                            INSERT INTO job (id, type, state, exclusive, site_id, fencing_token, payload, requested_by)
                            VALUES (:id, :type, 'queued', true, :site, :token, '{}', 'me')
                            """)
                    .param("id", id)
                    .param("type", wanted.type())
                    .param("site", wanted.siteId())
                    .param("token", token)
                    .update();
        });
    }
}
