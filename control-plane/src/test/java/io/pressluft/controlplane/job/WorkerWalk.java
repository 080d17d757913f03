package io.pressluft.controlplane.job;

import io.pressluft.controlplane.harness.RunningControlPlane;
import java.time.Duration;
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
        return life.take(id, worker).isPresent();
    }

    public boolean done(String id, String worker) {
        return life.done(id, worker);
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
        transaction.executeWithoutResult(status ->
                store.insert(id, wanted, true, store.nextToken(String.valueOf(wanted.siteId())), PartState.WAITING));
    }
}
