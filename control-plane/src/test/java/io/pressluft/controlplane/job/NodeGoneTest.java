package io.pressluft.controlplane.job;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.node.Nodes;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node that is taken out of service leaves no job behind that nobody will ever end. */
@ControlPlaneTest
class NodeGoneTest {

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final SampleJobs sample;

    NodeGoneTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.sample = new SampleJobs(app);
    }

    @ParameterizedTest
    @EnumSource(names = {"DISPATCHED", "RUNNING", "VERIFYING", "STALLED"})
    void a_job_that_its_agent_has_in_hand_fails_and_says_why(JobState state) {
        var job = sample.exclusiveIn(state);
        app.bean(JobLife.class).nodeGone(job.requireNodeId(), "me");
        var ended = jobs.get(job.id());
        assertThat(ended.state()).isEqualTo(JobState.FAILED);
        assertThat(Objects.requireNonNull(ended.failure()).code()).isEqualTo("node_gone");
        assertThat(ended.failure().message()).endsWith("before its agent ended the job.");
    }

    @Test
    void a_job_that_waits_for_its_agent_is_cancelled() {
        var job = sample.exclusiveIn(JobState.QUEUED);
        app.bean(JobLife.class).nodeGone(job.requireNodeId(), "me");
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.CANCELLED);
        assertThat(jobs.get(job.id()).cancelledBy()).isEqualTo("me");
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "DISPATCHED", "RUNNING", "VERIFYING", "STALLED"})
    void the_audit_log_names_who_took_the_node_away(JobState state) {
        var job = sample.exclusiveIn(state);
        app.bean(JobLife.class).nodeGone(job.requireNodeId(), "boss");
        app.bean(JobLife.class).nodeGone(job.requireNodeId(), "boss");
        assertThat(app.bean(AuditLog.class).newest(10))
                .filteredOn(
                        line -> job.id().equals(line.jobId()) && line.actor().equals("boss"))
                .extracting(line -> line.action() + " " + line.outcome())
                .containsExactly("site_create node_gone");
    }

    @Test
    void jobs_of_other_nodes_go_on() {
        var job = sample.exclusiveIn(JobState.RUNNING);
        app.bean(JobLife.class).nodeGone(sample.place().node(), "me");
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void decommissioning_ends_what_the_node_has_left() {
        var node = app.rows().readyNode();
        var requester = new Requester("me", null);
        var left = sample.enqueue(NewJob.forNode("node_release", node, Map.of(), requester));
        var walk = new JobWalk(app);
        walk.dispatch(left.id(), node);
        walk.stalled(left.id());
        var job = app.bean(Nodes.class).decommission(node, true, requester).job();
        eventually("decommissioned", () -> jobs.get(job.id()).state() == JobState.SUCCEEDED);
        assertThat(jobs.get(left.id()).state()).isEqualTo(JobState.FAILED);
    }
}
