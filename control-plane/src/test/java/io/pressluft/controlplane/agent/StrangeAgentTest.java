package io.pressluft.controlplane.agent;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.protocol.v1.ToAgent;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents that say what cannot be stored, or do not hear what they are told. */
@ControlPlaneTest
class StrangeAgentTest {

    private final RunningControlPlane app;
    private final Rows rows;
    private String node;
    private ScriptedAgent agent;

    StrangeAgentTest(RunningControlPlane app) {
        this.app = app;
        this.rows = app.rows();
    }

    @BeforeEach
    void enrol() {
        node = rows.readyNode();
        agent = ScriptedAgent.enrolled(app, node);
    }

    @AfterEach
    void disconnect() {
        agent.close();
    }

    @Test
    void a_version_that_cannot_be_stored_does_not_keep_out_the_heartbeats_of_other_nodes() {
        agent.connectAs("1.0\0");
        agent.send(Says.beat(1, 250));
        try (var other = ScriptedAgent.enrolled(app, rows.readyNode())) {
            other.connect();
            other.send(Says.beat(1, 750));
            eventually(
                    "the other node's load",
                    () -> app.jdbc()
                                    .sql("SELECT count(*) FROM node WHERE load = 0.75")
                                    .query(Integer.class)
                                    .single()
                            == 1);
        }
    }

    @Test
    void a_reason_that_cannot_be_stored_ends_the_job_all_the_same() {
        agent.connect();
        var job = offered();
        agent.send(Says.accepted(job.id()));
        var report = Says.undone(job.id(), true, "disk_full");
        report.getReportBuilder().setMessage("No\0 room; password=Hunter2 " + "x".repeat(100_000));
        agent.send(report);
        eventually("failed", () -> state(job) == JobState.FAILED);
        var failure = Objects.requireNonNull(app.bean(Jobs.class).get(job.id()).failure());
        assertThat(failure.message()).startsWith("No room; password=*******").hasSize(2_000);
    }

    @Test
    void an_offer_that_never_arrived_is_made_again_on_the_same_stream() {
        agent.connect();
        var job = offered();
        for (int beat = 1; beat <= 4; beat++) {
            agent.send(Says.beat(beat, 250));
        }
        assertThat(agent.await(ToAgent::hasOffer).getOffer().getJobId()).isEqualTo(job.id());
    }

    /** A job whose offer the agent has been sent. */
    private Job offered() {
        rows.seenReady(node);
        var id = app.api()
                .post(
                        "/api/sites",
                        "{\"slug\": \"%s\", \"title\": \"A site\", \"nodeId\": \"%s\"}"
                                .formatted(Rows.id("s", 6).replace('_', '-'), node))
                .field("job", "id");
        assertThat(agent.await(ToAgent::hasOffer).getOffer().getJobId()).isEqualTo(id);
        return app.bean(Jobs.class).get(id);
    }

    private JobState state(Job job) {
        return app.bean(Jobs.class).get(job.id()).state();
    }
}
