package io.pressluft.controlplane.job;

import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks jobs of one part through their life, in the words of the agent of their node. */
public final class JobWalk {

    /** More than any test has in hand on one node. */
    private static final int MOST = 1_000;

    private final Jobs jobs;
    private final JobLife life;

    public JobWalk(RunningControlPlane app) {
        this.jobs = app.bean(Jobs.class);
        this.life = app.bean(JobLife.class);
    }

    public Optional<Job> dispatch(String id, String node) {
        return life.dispatch(id, node, MOST);
    }

    public boolean running(String id) {
        return life.running(id, node(id));
    }

    public boolean verifying(String id, Map<String, String> outputs) {
        return life.applied(id, node(id), outputs);
    }

    public boolean stalled(String id) {
        return life.stalled(id, StallReason.AGENT_SILENT);
    }

    /** @return the decision that stands */
    public @Nullable String decide(String id, Optional<JobFailure> failure) {
        life.decide(id, failure);
        return jobs.get(id).verdict();
    }

    public boolean succeeded(String id) {
        return life.committed(id, node(id));
    }

    public boolean failed(String id, JobFailure failure, boolean undone) {
        return life.undone(id, node(id), failure, undone);
    }

    public boolean rejected(String id, JobFailure failure) {
        return life.refused(id, node(id), failure);
    }

    private String node(String id) {
        return jobs.get(id).requireNodeId();
    }
}
