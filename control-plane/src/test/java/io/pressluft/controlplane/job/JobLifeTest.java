package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each transition moves job and resource together, once; repeats and late messages answer false. */
@ControlPlaneTest
class JobLifeTest {

    private final Jobs jobs;
    private final JobWalk life;
    private final JobRecorder recorder;
    private final Rows rows;
    private final SampleJobs sample;

    JobLifeTest(RunningControlPlane app) {
        this.jobs = app.bean(Jobs.class);
        this.life = new JobWalk(app);
        this.recorder = app.bean(JobRecorder.class);
        this.rows = app.rows();
        this.sample = new SampleJobs(app);
    }

    /** Everything that can be said of a job from outside. */
    enum Message {
        DISPATCH,
        RUNNING,
        VERIFYING,
        STALLED,
        SUCCEEDED,
        FAILED,
        REJECTED;

        boolean tell(JobWalk life, Job job) {
            return switch (this) {
                case DISPATCH -> life.dispatch(job.id(), job.requireNodeId()).isPresent();
                case RUNNING -> life.running(job.id());
                case VERIFYING -> life.verifying(job.id(), Map.of());
                case STALLED -> life.stalled(job.id());
                case SUCCEEDED -> life.succeeded(job.id());
                case FAILED -> life.failed(job.id(), SampleJobs.FAILURE, true);
                case REJECTED -> life.rejected(job.id(), SampleJobs.FAILURE);
            };
        }

        JobState leadsTo() {
            return switch (this) {
                case DISPATCH -> JobState.DISPATCHED;
                case RUNNING -> JobState.RUNNING;
                case VERIFYING -> JobState.VERIFYING;
                case STALLED -> JobState.STALLED;
                case SUCCEEDED -> JobState.SUCCEEDED;
                case FAILED -> JobState.FAILED;
                case REJECTED -> JobState.REJECTED;
            };
        }
    }

    static Stream<Arguments> everyMessageInEveryState() {
        return Stream.of(JobState.values())
                .flatMap(state -> Stream.of(Message.values()).map(message -> Arguments.of(state, message)));
    }

    @ParameterizedTest
    @MethodSource("everyMessageInEveryState")
    void a_message_moves_the_job_over_a_legal_transition_or_not_at_all(JobState state, Message message) {
        var job = sample.exclusiveIn(state);
        boolean moved = message.tell(life, job);
        assertThat(jobs.get(job.id()).state()).isEqualTo(moved ? reached(state, message) : state);
    }

    private static JobState reached(JobState state, Message message) {
        if (state == JobState.STALLED && message == Message.REJECTED) {
            return JobState.FAILED; // only what nobody had begun is rejected, and of a silent agent nobody knows
        }
        boolean acceptanceLost = state == JobState.DISPATCHED && message == Message.FAILED;
        return acceptanceLost || state.canBecome(message.leadsTo()) ? message.leadsTo() : state;
    }

    @ParameterizedTest
    @MethodSource("everyMessageInEveryState")
    void the_same_message_again_answers_false(JobState state, Message message) {
        var job = sample.exclusiveIn(state);
        message.tell(life, job);
        assertThat(message.tell(life, job)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("everyMessageInEveryState")
    void the_same_message_again_adds_no_event(JobState state, Message message) {
        var job = sample.exclusiveIn(state);
        message.tell(life, job);
        var events = recorder.eventsAfter(job.id(), 0).size();
        message.tell(life, job);
        assertThat(recorder.eventsAfter(job.id(), 0)).hasSize(events);
    }

    @ParameterizedTest
    @EnumSource
    void a_message_after_the_end_answers_false(Message message) {
        var job = sample.exclusiveIn(JobState.SUCCEEDED);
        assertThat(message.tell(life, job)).isFalse();
    }

    @Test
    void a_job_is_not_dispatched_to_the_agent_of_another_node() {
        var job = sample.exclusiveIn(JobState.QUEUED);
        assertThat(life.dispatch(job.id(), rows.nodeInState("ready"))).isEmpty();
    }

    @Test
    void success_makes_site_active_in_the_same_transaction() {
        var job = sample.exclusiveIn(JobState.SUCCEEDED);
        assertThat(rows.stateOf("site", job.requireSiteId())).isEqualTo("active");
    }

    @Test
    void success_makes_the_environment_active_in_the_same_transaction() {
        var job = sample.exclusiveIn(JobState.SUCCEEDED);
        assertThat(rows.stateOf("environment", job.requireEnvironmentId())).isEqualTo("active");
    }

    @Test
    void failure_leaves_the_site_failed() {
        var job = sample.exclusiveIn(JobState.FAILED);
        assertThat(rows.stateOf("site", job.requireSiteId())).isEqualTo("failed");
    }

    @Test
    void rejection_leaves_the_site_failed() {
        var job = sample.exclusiveIn(JobState.REJECTED);
        assertThat(rows.stateOf("site", job.requireSiteId())).isEqualTo("failed");
    }

    @Test
    void a_verdict_against_the_change_stands() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        life.decide(job.id(), Optional.of(SampleJobs.FAILURE));
        assertThat(life.decide(job.id(), Optional.empty())).isEqualTo("undo");
    }

    @Test
    void a_verdict_for_the_change_stands() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        life.decide(job.id(), Optional.empty());
        assertThat(life.decide(job.id(), Optional.of(SampleJobs.FAILURE))).isEqualTo("commit");
    }

    @Test
    void a_later_verdict_does_not_replace_the_reason() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        life.decide(job.id(), Optional.of(SampleJobs.FAILURE));
        life.decide(job.id(), Optional.of(new JobFailure("disk_full", "Another reason.", null, "Free it.")));
        assertThat(jobs.get(job.id()).failure()).extracting(JobFailure::code).isEqualTo("playbook_failed");
    }

    @Test
    void a_job_that_is_not_verifying_gets_no_commit() {
        var job = sample.exclusiveIn(JobState.RUNNING);
        assertThat(life.decide(job.id(), Optional.empty())).isNull();
    }

    @Test
    void success_without_a_verdict_answers_false() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        assertThat(life.succeeded(job.id())).isFalse();
    }

    @Test
    void a_stalled_job_that_was_told_to_commit_succeeds() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        life.decide(job.id(), Optional.empty());
        life.stalled(job.id());
        assertThat(life.succeeded(job.id())).isTrue();
    }

    @Test
    void success_after_the_verdict_to_undo_answers_false() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        life.decide(job.id(), Optional.of(SampleJobs.FAILURE));
        assertThat(life.succeeded(job.id())).isFalse();
    }

    @Test
    void the_reason_of_the_verdict_survives_the_report_of_the_undo() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        life.decide(job.id(), Optional.of(SampleJobs.FAILURE));
        life.failed(job.id(), new JobFailure("disk_full", "Something later.", null, "Free it."), true);
        assertThat(jobs.get(job.id()).failure()).extracting(JobFailure::code).isEqualTo("playbook_failed");
    }

    @Test
    void an_undo_that_failed_is_said_in_the_failure() {
        var job = sample.exclusiveIn(JobState.RUNNING);
        life.failed(job.id(), SampleJobs.FAILURE, false);
        assertThat(jobs.get(job.id()).failure())
                .extracting(JobFailure::message)
                .isEqualTo("It did not work. Undoing it failed too.");
    }

    @Test
    void a_resource_that_is_elsewhere_rolls_the_transition_back() {
        var job = sample.exclusiveIn(JobState.VERIFYING);
        life.decide(job.id(), Optional.empty());
        rows.move(job.requireSiteId(), "failed");
        assertThatThrownBy(() -> life.succeeded(job.id())).isInstanceOf(CodedException.class);
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.VERIFYING);
    }
}
