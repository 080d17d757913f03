package io.pressluft.controlplane.agent;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobFilter;
import io.pressluft.controlplane.job.JobRecorder;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.JobStep;
import io.pressluft.controlplane.job.JobWalk;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.site.SiteRequest;
import io.pressluft.controlplane.site.Sites;
import io.pressluft.protocol.v1.FrontPage;
import io.pressluft.protocol.v1.JobOffer;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.ToAgent;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.SmartLifecycle;

/** A site's job from offer to end, between the real gateway, a scripted agent and a scripted web server. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest {

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final Rows rows;
    private final KeyPair key = ScriptedPage.newKey();
    private ScriptedPage page;
    private ScriptedAgent agent;
    private String node;

    GatewayTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.rows = app.rows();
    }

    /** The scripted web server stands where previews are looked at. */
    @BeforeAll
    void standInForPreviews() {
        app.bean("previewGateway", SmartLifecycle.class).stop();
        page = new ScriptedPage(app.instance().previewPort());
    }

    @AfterAll
    void giveBackPreviews() {
        page.close();
        app.bean("previewGateway", SmartLifecycle.class).start();
    }

    @BeforeEach
    void enrol() {
        node = rows.readyNode();
        agent = ScriptedAgent.enrolled(app, node);
        page.unsigned();
        page.afterwards(() -> {});
    }

    @AfterEach
    void disconnect() {
        agent.close();
    }

    @Test
    void a_job_is_offered_after_the_hello() {
        var job = createSite();
        agent.connect();
        assertThat(offer().getJobId()).isEqualTo(job.id());
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
        assertThat(offer().getFencingToken()).isOne();
    }

    @Test
    void an_offer_carries_the_time_that_is_left() {
        createSite();
        agent.connect();
        assertThat(Duration.ofMillis(offer().getDeadlineMs())).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
    }

    @Test
    void an_offer_carries_strings_of_template_and_shell_syntax_unchanged() {
        var title = "{{ lookup('pipe','id') }} $(id) '; DROP TABLE <script> \uD83D\uDE80";
        createSite(title);
        agent.connect();
        assertThat(tools.jackson.databind.json.JsonMapper.shared()
                        .readTree(offer().getPayload())
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
        assertThat(java.util.List.of(offer().getJobId(), state(foreign))).containsExactly(own.id(), JobState.QUEUED);
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
    void a_proven_change_is_committed_and_the_job_succeeds() {
        var job = proven();
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void with_the_jobs_success_the_site_is_active() {
        assertThat(rows.stateOf("site", proven().requireSiteId())).isEqualTo("active");
    }

    @Test
    void with_the_jobs_success_the_environment_is_active() {
        assertThat(rows.stateOf("environment", proven().requireEnvironmentId())).isEqualTo("active");
    }

    @Test
    void the_job_does_not_succeed_before_the_commit_is_reported() {
        var job = applied();
        awaitVerdict(job, Phase.COMMIT);
        assertThat(state(job)).isEqualTo(JobState.VERIFYING);
    }

    @Test
    void a_page_without_signature_is_undone() {
        assertThat(undoneAfterTheProof(page::unsigned)).isEqualTo("proof_missing");
    }

    @Test
    void a_page_that_another_key_signed_is_undone() {
        assertThat(undoneAfterTheProof(() -> page.signs(claimOf(newest()), ScriptedPage.newKey())))
                .isEqualTo("proof_foreign");
    }

    @Test
    void a_page_of_another_environment_is_undone() {
        assertThat(undoneAfterTheProof(() -> page.signs(
                        claimOf(newest()).toBuilder()
                                .setEnvironmentId("env_another1")
                                .build(),
                        key)))
                .isEqualTo("proof_foreign");
    }

    @Test
    void a_page_of_another_database_is_undone() {
        assertThat(undoneAfterTheProof(() -> page.signs(
                        claimOf(newest()).toBuilder()
                                .setIdentity("ffffffffffffffffffffffffffffffff")
                                .build(),
                        key)))
                .isEqualTo("proof_foreign");
    }

    @Test
    void a_page_of_another_release_is_undone() {
        assertThat(undoneAfterTheProof(() -> page.signs(
                        claimOf(newest()).toBuilder()
                                .setRelease("20200101T000000Z")
                                .build(),
                        key)))
                .isEqualTo("proof_foreign");
    }

    @Test
    void an_undone_job_leaves_the_site_failed() {
        undoneAfterTheProof(page::unsigned);
        assertThat(rows.stateOf("site", newest().requireSiteId())).isEqualTo("failed");
    }

    @Test
    void a_failed_apply_fails_the_job_with_its_code_and_step() {
        var job = accepted();
        agent.send(Says.undone(job.id(), true, "database_unavailable"));
        awaitSeen(agent, job, Phase.UNDO);
        assertThat(jobs.get(job.id()).failure())
                .extracting(JobFailure::code, JobFailure::step)
                .containsExactly("database_unavailable", "Make the user");
    }

    @Test
    void a_commit_without_a_verdict_does_not_make_the_job_succeed() {
        var job = accepted();
        agent.send(Says.committed(job.id()));
        awaitSeen(agent, job, Phase.COMMIT);
        assertThat(state(job)).isNotEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void a_commit_while_the_proof_is_under_way_does_not_make_the_job_succeed() {
        var job = accepted();
        agent.send(Says.applied(job.id(), ScriptedPage.reported(key)));
        agent.send(Says.committed(job.id()));
        awaitSeen(agent, job, Phase.COMMIT);
        app.clock().advance(Duration.ofMinutes(1));
        assertThat(state(job)).isNotEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void a_commit_against_the_verdict_does_not_make_the_job_succeed() {
        page.afterwards(() -> app.clock().advance(Duration.ofMinutes(1)));
        var job = accepted();
        agent.send(Says.applied(job.id(), ScriptedPage.reported(key)));
        awaitVerdict(job, Phase.UNDO);
        agent.send(Says.committed(job.id()));
        awaitSeen(agent, job, Phase.COMMIT);
        assertThat(state(job)).isNotEqualTo(JobState.SUCCEEDED);
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
        offer();
        agent.send(Says.undone(job.id(), true, "disk_full"));
        awaitSeen(agent, job, Phase.UNDO);
        assertThat(state(job)).isEqualTo(JobState.FAILED);
    }

    @Test
    void an_offer_whose_answer_was_lost_is_made_again() {
        var job = createSite();
        agent.connect();
        offer();
        agent.cut();
        agent.connect();
        assertThat(offer().getJobId()).isEqualTo(job.id());
    }

    @Test
    void a_job_that_the_agent_has_in_hand_is_not_offered_again() {
        var job = accepted();
        eventually("running", () -> state(job) == JobState.RUNNING);
        agent.cut();
        agent.connect(Says.inHand(job.id(), Phase.APPLY, false));
        var second = createSite();
        assertThat(offer().getJobId()).isEqualTo(second.id());
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
            offer();
        }
        app.bean(io.pressluft.controlplane.job.JobFeed.class).nudge();
        assertThat(jobs.list(new JobFilter(null, node, JobState.DISPATCHED, false), 50))
                .hasSize(5);
    }

    private Job createSite() {
        return createSite("A site", node);
    }

    private Job createSite(String title) {
        return createSite(title, node);
    }

    private Job createSite(String title, String on) {
        rows.seenReady(on);
        var slug = Rows.id("s", 6).replace('_', '-');
        return app.bean(Sites.class)
                .create(new SiteRequest(slug, title, on, null, null, null).checked(), new Requester("me", null))
                .job();
    }

    private Job newest() {
        return jobs.list(JobFilter.ofNode(node), 1).getFirst();
    }

    private JobOffer offer() {
        return agent.await(ToAgent::hasOffer).getOffer();
    }

    /** Offered and accepted. */
    private Job accepted() {
        var job = createSite();
        agent.connect();
        offer();
        agent.send(Says.accepted(job.id()));
        return job;
    }

    /** Reported as applied, while the site serves the right page. */
    private Job applied() {
        var job = accepted();
        page.signs(claimOf(job), key);
        agent.send(Says.applied(job.id(), ScriptedPage.reported(key)));
        return job;
    }

    private Job proven() {
        var job = applied();
        awaitVerdict(job, Phase.COMMIT);
        agent.send(Says.committed(job.id()));
        awaitSeen(agent, job, Phase.COMMIT);
        return job;
    }

    private Job refused() {
        var job = createSite();
        agent.connect();
        offer();
        agent.send(Says.refused(job.id(), "fenced_off"));
        eventually("rejected", () -> state(job) == JobState.REJECTED);
        return jobs.get(job.id());
    }

    /** The code of the job's failure when the page is as {@code serve} makes it and stays so. */
    private String undoneAfterTheProof(Runnable serve) {
        var job = accepted();
        serve.run();
        page.afterwards(() -> app.clock().advance(Duration.ofMinutes(1)));
        agent.send(Says.applied(job.id(), ScriptedPage.reported(key)));
        awaitVerdict(job, Phase.UNDO);
        agent.send(Says.undone(job.id(), true, ""));
        awaitSeen(agent, job, Phase.UNDO);
        var failure = jobs.get(job.id()).failure();
        return failure == null ? "none" : failure.code();
    }

    private FrontPage claimOf(Job job) {
        var claim = app.bean(io.pressluft.controlplane.job.AgentJobs.class)
                .claim(job)
                .orElseThrow();
        return FrontPage.newBuilder()
                .setUrl(claim.url().toString())
                .setEnvironmentId(claim.environmentId())
                .setIdentity(claim.identity())
                .setRelease(claim.release())
                .build();
    }

    private JobState state(Job job) {
        return jobs.get(job.id()).state();
    }

    private String log(Job job) {
        return new String(app.bean(JobRecorder.class).log(job.id()), StandardCharsets.UTF_8);
    }

    private void awaitVerdict(Job job, Phase phase) {
        var verdict = agent.await(message ->
                message.hasVerdict() && message.getVerdict().getJobId().equals(job.id()));
        assertThat(verdict.getVerdict().getPhase()).isEqualTo(phase);
    }

    private static void awaitSeen(ScriptedAgent by, Job job, Phase phase) {
        by.await(message -> message.hasReportSeen()
                && message.getReportSeen().getJobId().equals(job.id())
                && message.getReportSeen().getPhase() == phase);
    }
}
