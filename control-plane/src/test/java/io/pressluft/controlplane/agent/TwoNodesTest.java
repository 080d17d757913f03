package io.pressluft.controlplane.agent;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedChange;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.JobWalk;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.PartState;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.ToAgent;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents of two nodes that have one job between them. */
@ControlPlaneTest
class TwoNodesTest {

    private final RunningControlPlane app;
    private final Jobs jobs;
    private ScriptedAgent atTarget;
    private ScriptedAgent atSource;
    private Job job;

    TwoNodesTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
    }

    @BeforeEach
    void enrol() {
        var rows = app.rows();
        var target = rows.readyNode();
        var source = rows.readyNode();
        atTarget = ScriptedAgent.enrolled(app, target);
        atSource = ScriptedAgent.enrolled(app, source);
        var site = rows.site();
        var wanted = NewJob.forEnvironment(
                        ScriptedChange.TYPE,
                        site,
                        rows.environment(site, target),
                        target,
                        Map.of(),
                        new Requester("me", null))
                .from(source);
        job = Objects.requireNonNull(app.transaction().execute(status -> jobs.enqueue(wanted)));
    }

    @AfterEach
    void disconnect() {
        atTarget.close();
        atSource.close();
    }

    @Test
    void an_agent_that_comes_back_with_its_part_applied_lets_the_other_one_begin() {
        accepted(atTarget);
        atTarget.send(Says.applied(job.id(), ""));
        eventually("applied", () -> jobs.get(job.id()).parts().getFirst().state() == PartState.APPLIED);
        new JobWalk(app).stalled(job.id());
        var beat = Says.beat(1, 500);
        beat.getHeartbeatBuilder().addJobs(Says.inHand(job.id(), Phase.APPLY, true));
        atTarget.send(beat);
        eventually("it goes on", () -> jobs.get(job.id()).state() == JobState.RUNNING);
        accepted(atSource);
        atSource.send(Says.applied(job.id(), ""));
        assertThat(atTarget.await(ToAgent::hasVerdict).getVerdict().getPhase()).isEqualTo(Phase.COMMIT);
    }

    private void accepted(ScriptedAgent agent) {
        agent.connect();
        assertThat(agent.await(ToAgent::hasOffer).getOffer().getJobId()).isEqualTo(job.id());
        agent.send(Says.accepted(job.id()));
    }
}
