package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators may do to a job that is under way. */
@ControlPlaneTest
class JobActionsTest {

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final JobWalk life;
    private final Rows rows;
    private final SampleJobs sample;

    JobActionsTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.life = new JobWalk(app);
        this.rows = app.rows();
        this.sample = new SampleJobs(app);
    }

    @Test
    void a_job_that_nobody_has_taken_is_cancelled_at_once() {
        var job = sample.exclusiveIn(JobState.QUEUED);
        assertThat(jobs.cancel(job.id(), "me").state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void the_site_of_a_cancelled_creation_is_failed_with_its_code() {
        var job = sample.exclusiveIn(JobState.QUEUED);
        jobs.cancel(job.id(), "me");
        assertThat(rows.stateOf("site", job.requireSiteId())).isEqualTo("failed");
    }

    @Test
    void the_audit_log_names_who_cancelled_a_job_that_somebody_else_asked_for() {
        var job = sample.exclusiveIn(JobState.QUEUED);
        jobs.cancel(job.id(), "somebody else");
        assertThat(app.bean(AuditLog.class).newest(10))
                .filteredOn(line -> job.id().equals(line.jobId()))
                .extracting(AuditLog.Entry::actor, AuditLog.Entry::outcome)
                .contains(tuple("somebody else", "cancel"));
    }

    @Test
    void a_cancelled_job_is_retried() {
        var job = sample.exclusiveIn(JobState.QUEUED);
        jobs.cancel(job.id(), "me");
        assertThat(jobs.retry(job.id(), new Requester("me", null)).state()).isEqualTo(JobState.QUEUED);
    }

    @ParameterizedTest
    @EnumSource(names = {"DISPATCHED", "RUNNING", "VERIFYING"})
    void a_job_in_hand_goes_on_until_it_is_undone(JobState state) {
        var job = sample.exclusiveIn(state);
        assertThat(jobs.cancel(job.id(), "me").state()).isEqualTo(state);
    }

    @ParameterizedTest
    @EnumSource(names = {"DISPATCHED", "RUNNING", "VERIFYING"})
    void a_job_in_hand_is_cancelled_once_it_is_undone(JobState state) {
        var job = sample.exclusiveIn(state);
        jobs.cancel(job.id(), "me");
        life.failed(job.id(), SampleJobs.FAILURE, true);
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void a_cancelled_job_whose_undo_fails_has_failed() {
        var job = sample.exclusiveIn(JobState.RUNNING);
        jobs.cancel(job.id(), "me");
        life.failed(job.id(), SampleJobs.FAILURE, false);
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void whoever_reads_of_an_undo_that_failed_is_told_what_to_do_about_that() {
        var job = sample.exclusiveIn(JobState.RUNNING);
        jobs.cancel(job.id(), "me");
        life.failed(job.id(), SampleJobs.FAILURE, false);
        var failure = Objects.requireNonNull(jobs.get(job.id()).failure());
        assertThat(failure.code()).isEqualTo(ErrorCode.JOB_CANCELLED.code());
        assertThat(failure.message()).endsWith("Undoing it failed too.");
        assertThat(failure.remediation()).isEqualTo(ErrorCode.UNDO_FAILED.remediation());
    }

    @Test
    void whoever_reads_of_a_failure_that_was_undone_is_told_what_to_do_about_its_cause() {
        var failure = Objects.requireNonNull(sample.exclusiveIn(JobState.FAILED).failure());
        assertThat(failure.remediation()).isEqualTo(ErrorCode.PLAYBOOK_FAILED.remediation());
    }

    @Test
    void a_cancelled_job_that_was_silent_meanwhile_is_cancelled_when_it_is_heard_of() {
        var job = sample.exclusiveIn(JobState.RUNNING);
        jobs.cancel(job.id(), "me");
        life.stalled(job.id());
        life.failed(job.id(), SampleJobs.FAILURE, true);
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void cancelling_decides_against_the_change() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        jobs.cancel(job.id(), "me");
        assertThat(life.decide(job.id(), Optional.empty())).isEqualTo("undo");
    }

    @Test
    void cancelling_twice_is_cancelling_once() {
        var job = sample.exclusiveIn(JobState.RUNNING);
        jobs.cancel(job.id(), "me");
        assertThat(jobs.cancel(job.id(), "you").cancelledBy()).isEqualTo("me");
    }

    @Test
    void a_job_that_was_decided_on_is_not_cancelled() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        life.decide(job.id(), Optional.empty());
        assertThatThrownBy(() -> jobs.cancel(job.id(), "me"))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_NOT_CANCELLABLE));
    }

    @ParameterizedTest
    @EnumSource(names = {"STALLED", "SUCCEEDED", "FAILED", "REJECTED"})
    void a_job_that_is_silent_or_has_ended_is_not_cancelled(JobState state) {
        var job = sample.exclusiveIn(state);
        assertThatThrownBy(() -> jobs.cancel(job.id(), "me")).isInstanceOf(CodedException.class);
    }

    @Test
    void a_stalled_job_ends_by_an_operators_word() {
        var job = sample.exclusiveIn(JobState.STALLED);
        assertThat(String.valueOf(jobs.resolve(job.id(), "me").failure())).contains("job_resolved");
    }

    @Test
    void a_resolved_job_is_nothing_that_could_not_be_undone() {
        var job = sample.exclusiveIn(JobState.STALLED);
        assertThat(Objects.requireNonNull(jobs.resolve(job.id(), "me").failure())
                        .remediation())
                .isEqualTo(ErrorCode.JOB_RESOLVED.remediation());
    }

    @Test
    void resolving_twice_is_resolving_once() {
        var job = sample.exclusiveIn(JobState.STALLED);
        var resolved = jobs.resolve(job.id(), "me");
        var token = rows.token(job.requireSiteId());
        assertThat(jobs.resolve(job.id(), "you")).isEqualTo(resolved);
        assertThat(rows.token(job.requireSiteId())).isEqualTo(token);
    }

    @Test
    void a_job_that_does_not_exist_is_not_resolved() {
        assertThatThrownBy(() -> jobs.resolve("job_000000000000", "me"))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_NOT_FOUND));
    }

    @Test
    void resolving_raises_the_sites_token_above_the_jobs() {
        var job = sample.exclusiveIn(JobState.STALLED);
        jobs.resolve(job.id(), "me");
        assertThat(rows.token(job.requireSiteId())).isGreaterThan(Objects.requireNonNull(job.fencingToken()));
    }

    @Test
    void what_the_agent_reports_of_a_resolved_job_changes_nothing() {
        var job = sample.exclusiveIn(JobState.STALLED);
        var resolved = jobs.resolve(job.id(), "me");
        life.running(job.id());
        life.verifying(job.id(), java.util.Map.of());
        life.succeeded(job.id());
        life.failed(job.id(), SampleJobs.FAILURE, true);
        assertThat(jobs.get(job.id())).isEqualTo(resolved);
    }

    @ParameterizedTest
    @EnumSource(names = "STALLED", mode = EnumSource.Mode.EXCLUDE)
    void only_a_stalled_job_is_resolved(JobState state) {
        var job = sample.exclusiveIn(state);
        assertThatThrownBy(() -> jobs.resolve(job.id(), "me"))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_NOT_STALLED));
    }
}
