package io.pressluft.controlplane.agent;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedChange;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobLife;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.job.StallReason;
import io.pressluft.protocol.v1.JobInHand;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.ToAgent;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent that goes on with a job that an operator has ended is told to let go of it, wherever the operator is. */
@ControlPlaneTest
class RecallTest {

    private final RunningControlPlane app;
    private final Jobs jobs;
    private ScriptedAgent agent;
    private String node;

    RecallTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
    }

    @BeforeEach
    void connect() {
        node = app.rows().readyNode();
        agent = ScriptedAgent.enrolled(app, node).connect();
    }

    @AfterEach
    void disconnect() {
        agent.close();
    }

    @Test
    void an_agent_that_is_connected_is_told_at_once() {
        var job = stalled(change());
        jobs.resolve(job.id(), "me");
        recalled(job);
    }

    @Test
    void an_agent_whose_job_was_ended_elsewhere_is_told_at_its_heartbeat() {
        var job = resolvedElsewhere(change());
        beat(Says.inHand(job.id(), Phase.APPLY, true));
        recalled(job);
    }

    @Test
    void a_job_without_a_token_is_ended_as_well() {
        var job = resolvedElsewhere(enqueue(NewJob.forNode("node_release", node, Map.of(), new Requester("me", null))));
        beat(Says.inHand(job.id(), Phase.APPLY, false));
        assertThat(undo(job)).isEqualTo(Phase.UNDO);
    }

    @Test
    void an_agent_that_comes_back_with_it_is_told_at_its_hello() {
        var job = resolvedElsewhere(change());
        agent.cut();
        agent.connect(Says.inHand(job.id(), Phase.APPLY, false));
        recalled(job);
    }

    /** A connection of its own stands for the replica at which the operator is. */
    private Job resolvedElsewhere(Job job) {
        stalled(job);
        app.jdbc().sql("""
                WITH ended AS (UPDATE job_part SET state = 'undo_failed' WHERE job_id = :id),
                     raised AS (UPDATE fence SET token = token + 1 WHERE site_id = :site)
                UPDATE job SET state = 'failed', undone = false, settled_at = now(), failure_code = 'job_resolved',
                               failure_message = 'me ended the job.' WHERE id = :id
                """).param("id", job.id()).param("site", job.siteId()).update();
        return job;
    }

    /** Its time is over, and its agent, which is there, works on. */
    private Job stalled(Job job) {
        assertThat(agent.await(ToAgent::hasOffer).getOffer().getJobId()).isEqualTo(job.id());
        agent.send(Says.accepted(job.id()));
        eventually("running", () -> jobs.get(job.id()).state() == JobState.RUNNING);
        app.bean(JobLife.class).stalled(job.id(), StallReason.OVERDUE);
        return job;
    }

    private void beat(JobInHand named) {
        var beat = Says.beat(1, 500);
        beat.getHeartbeatBuilder().addJobs(named);
        agent.send(beat);
    }

    /** Told the higher token, and to end. */
    private void recalled(Job job) {
        long token = Objects.requireNonNull(job.fencingToken());
        agent.await(message ->
                message.hasWelcome() && message.getWelcome().getTokensOrDefault(job.requireSiteId(), 0) == token + 1);
        assertThat(undo(job)).isEqualTo(Phase.UNDO);
    }

    private Phase undo(Job job) {
        return agent.await(message ->
                        message.hasVerdict() && message.getVerdict().getJobId().equals(job.id()))
                .getVerdict()
                .getPhase();
    }

    private Job change() {
        var site = app.rows().site();
        return enqueue(NewJob.forEnvironment(
                ScriptedChange.TYPE,
                site,
                app.rows().environment(site, node),
                node,
                Map.of(),
                new Requester("me", null)));
    }

    private Job enqueue(NewJob wanted) {
        return Objects.requireNonNull(app.transaction().execute(status -> jobs.enqueue(wanted)));
    }
}
