package io.pressluft.controlplane.agent;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobFilter;
import io.pressluft.controlplane.job.JobRecorder;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.JobStep;
import io.pressluft.controlplane.job.JobWalk;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.ToAgent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is offered to an agent, what it answers, and what is said again when an answer was lost. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest extends GatewayScene {

    GatewayTest(RunningControlPlane app) {
        super(app);
    }

    @Test
    void a_job_is_offered_after_the_hello() {
        var job = createSite();
        agent.connect();
        assertThat(offered().getJobId()).isEqualTo(job.id());
    }

    @Test
    void nothing_is_offered_before_the_hello() {
        var job = createSite();
        agent.open();
        app.bean(io.pressluft.controlplane.job.JobFeed.class).nudge();
        var queuedLater = createSite();
        assertThat(java.util.List.of(state(job), state(queuedLater))).containsOnly(JobState.QUEUED);
    }

    @Test
    void an_offer_carries_the_fencing_token() {
        createSite();
        agent.connect();
        assertThat(offered().getFencingToken()).isOne();
    }

    @Test
    void an_offer_carries_the_time_that_is_left() {
        createSite();
        agent.connect();
        assertThat(Duration.ofMillis(offered().getDeadlineMs()))
                .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
    }

    @Test
    void an_offer_carries_strings_of_template_and_shell_syntax_unchanged() {
        var title = "{{ lookup('pipe','id') }} $(id) '; DROP TABLE <script> \uD83D\uDE80";
        createSite(title);
        agent.connect();
        assertThat(tools.jackson.databind.json.JsonMapper.shared()
                        .readTree(offered().getPayload())
                        .path("environment_title")
                        .asString(""))
                .isEqualTo(title);
    }

    @Test
    void a_job_of_another_node_is_not_offered() {
        var other = rows.readyNode();
        var foreign = createSite("Foreign", other);
        var own = createSite();
        agent.connect();
        assertThat(java.util.List.of(offered().getJobId(), state(foreign))).containsExactly(own.id(), JobState.QUEUED);
    }

    @Test
    void an_accepted_job_runs() {
        var job = accepted();
        eventually("running", () -> state(job) == JobState.RUNNING);
    }

    @Test
    void a_step_is_recorded_as_the_agent_tells_it() {
        var job = accepted();
        agent.send(Says.step(job.id(), 1, "running"));
        agent.send(Says.step(job.id(), 1, "changed"));
        eventually(
                "the step",
                () -> app.bean(JobRecorder.class).steps(job.id()).stream()
                        .map(JobStep::outcome)
                        .toList()
                        .equals(java.util.List.of("changed")));
    }

    @Test
    void a_piece_of_the_log_is_recorded() {
        var job = accepted();
        agent.send(Says.log(job.id(), "output of a tool"));
        eventually("the log", () -> log(job).equals("output of a tool"));
    }

    @Test
    void an_agent_cannot_answer_for_another_nodes_job() {
        var job = accepted();
        try (var stranger = ScriptedAgent.enrolled(app, rows.readyNode())) {
            stranger.connect();
            stranger.send(Says.undone(job.id(), true, "disk_full"));
            awaitSeen(stranger, job, Phase.UNDO);
            assertThat(state(job)).isEqualTo(JobState.RUNNING);
        }
    }

    @Test
    void an_agent_cannot_write_into_another_nodes_job() {
        var job = accepted();
        try (var stranger = ScriptedAgent.enrolled(app, rows.readyNode())) {
            stranger.connect();
            stranger.send(Says.step(job.id(), 1, "changed"));
            stranger.send(Says.log(job.id(), "forged"));
            stranger.send(Says.committed(job.id()));
            awaitSeen(stranger, job, Phase.COMMIT);
            assertThat(app.bean(JobRecorder.class).steps(job.id())).isEmpty();
        }
    }

    @Test
    void a_refused_offer_rejects_the_job() {
        assertThat(refused().failure()).extracting(JobFailure::code).isEqualTo("fenced_off");
    }

    @Test
    void a_refused_offer_leaves_the_site_failed() {
        assertThat(rows.stateOf("site", refused().requireSiteId())).isEqualTo("failed");
    }

    @Test
    void a_repeated_report_is_answered_again() {
        var job = proven();
        agent.send(Says.committed(job.id()));
        awaitSeen(agent, job, Phase.COMMIT);
    }

    @Test
    void a_repeated_report_changes_nothing() {
        var job = proven();
        var before = jobs.get(job.id());
        agent.send(Says.undone(job.id(), true, "disk_full"));
        awaitSeen(agent, job, Phase.UNDO);
        assertThat(jobs.get(job.id())).isEqualTo(before);
    }

    @Test
    void a_report_whose_acceptance_was_lost_counts() {
        var job = createSite();
        agent.connect();
        offered();
        agent.send(Says.undone(job.id(), true, "disk_full"));
        awaitSeen(agent, job, Phase.UNDO);
        assertThat(state(job)).isEqualTo(JobState.FAILED);
    }

    @Test
    void an_offer_whose_answer_was_lost_is_made_again() {
        var job = createSite();
        agent.connect();
        offered();
        agent.cut();
        agent.connect();
        assertThat(offered().getJobId()).isEqualTo(job.id());
    }

    @Test
    void a_job_that_the_agent_has_in_hand_is_not_offered_again() {
        var job = accepted();
        eventually("running", () -> state(job) == JobState.RUNNING);
        agent.cut();
        agent.connect(Says.inHand(job.id(), Phase.APPLY, false));
        var second = createSite();
        assertThat(offered().getJobId()).isEqualTo(second.id());
    }

    @Test
    void a_verdict_that_was_lost_is_sent_again() {
        var job = applied();
        awaitVerdict(job, Phase.COMMIT);
        agent.cut();
        agent.connect(Says.inHand(job.id(), Phase.APPLY, true));
        awaitVerdict(job, Phase.COMMIT);
    }

    @Test
    void a_proof_that_was_lost_is_made_again() {
        var job = accepted();
        new JobWalk(app).running(job.id());
        new JobWalk(app).verifying(job.id(), java.util.Map.of("proof_public_key", ScriptedPage.reported(key)));
        page.signs(claimOf(job), key);
        agent.cut();
        agent.connect(Says.inHand(job.id(), Phase.APPLY, true));
        awaitVerdict(job, Phase.COMMIT);
    }

    @Test
    void a_stalled_job_goes_on_when_the_agent_still_has_it() {
        var job = accepted();
        eventually("running", () -> state(job) == JobState.RUNNING);
        agent.cut();
        new JobWalk(app).stalled(job.id());
        agent.connect(Says.inHand(job.id(), Phase.APPLY, false));
        eventually("running again", () -> state(job) == JobState.RUNNING);
    }

    @Test
    void the_welcome_carries_the_newest_tokens_of_the_node() {
        var job = createSite();
        agent.open();
        agent.send(io.pressluft.protocol.v1.FromAgent.newBuilder()
                .setHello(io.pressluft.protocol.v1.Hello.newBuilder().setAgentVersion("0.1.0")));
        assertThat(agent.await(ToAgent::hasWelcome).getWelcome().getTokensMap()).containsEntry(job.requireSiteId(), 1L);
    }

    @Test
    void a_heartbeat_is_answered_with_its_number() {
        agent.connect();
        agent.send(Says.beat(7, 250));
        assertThat(agent.await(ToAgent::hasHeartbeatSeen).getHeartbeatSeen().getSequence())
                .isEqualTo(7);
    }

    @Test
    void a_heartbeat_brings_the_load_into_postgresql() {
        agent.connect();
        agent.send(Says.beat(1, 1250));
        eventually(
                "the load",
                () -> app.jdbc()
                                .sql("SELECT load FROM node WHERE id = :id")
                                .param("id", node)
                                .query(Double.class)
                                .single()
                        == 1.25);
    }

    @Test
    void no_more_jobs_are_offered_than_a_node_may_have_in_hand() {
        for (int i = 0; i < 7; i++) {
            createSite();
        }
        agent.connect();
        for (int i = 0; i < 5; i++) {
            offered();
        }
        app.bean(io.pressluft.controlplane.job.JobFeed.class).nudge();
        assertThat(jobs.list(new JobFilter(null, node, JobState.DISPATCHED, false), 50))
                .hasSize(5);
    }

    @Test
    void a_shared_job_is_offered_while_a_node_has_all_the_exclusive_ones_it_may_have() {
        for (int i = 0; i < 7; i++) {
            createSite();
        }
        agent.connect();
        for (int i = 0; i < 5; i++) {
            offered();
        }
        var site = newest();
        app.transaction()
                .executeWithoutResult(status -> jobs.enqueue(NewJob.forEnvironment(
                        "login_create",
                        site.requireSiteId(),
                        site.requireEnvironmentId(),
                        node,
                        Map.of(),
                        new Requester("me", null))));
        assertThat(offered().getType()).isEqualTo("login_create");
    }
}
