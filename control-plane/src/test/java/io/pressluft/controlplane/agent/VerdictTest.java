package io.pressluft.controlplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.protocol.v1.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An applied change is proved, decided on, and ends as its agent then says. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerdictTest extends GatewayScene {

    VerdictTest(RunningControlPlane app) {
        super(app);
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
        app.ticks().advance(Duration.ofMinutes(1));
        assertThat(state(job)).isNotEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void a_commit_against_the_verdict_does_not_make_the_job_succeed() {
        page.afterwards(() -> app.ticks().advance(Duration.ofMinutes(1)));
        var job = accepted();
        agent.send(Says.applied(job.id(), ScriptedPage.reported(key)));
        awaitVerdict(job, Phase.UNDO);
        agent.send(Says.committed(job.id()));
        awaitSeen(agent, job, Phase.COMMIT);
        assertThat(state(job)).isNotEqualTo(JobState.SUCCEEDED);
    }
}
