package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the control plane repeats by itself. */
@ControlPlaneTest
class JobRepeatTest {

    private static final JobFailure LOST = JobFailure.of(ErrorCode.RUN_LOST, "It is gone.", null);
    private static final Requester ME = new Requester("me", null);

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final JobWalk life;
    private final Rows rows;
    private final SampleJobs sample;

    JobRepeatTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.life = new JobWalk(app);
        this.rows = app.rows();
        this.sample = new SampleJobs(app);
    }

    @Test
    void a_failure_that_passes_is_followed_by_the_next_attempt() {
        assertThat(repeat(lost()).attempt()).isEqualTo(2);
    }

    @Test
    void the_site_is_never_free_between_two_attempts() {
        var job = lost();
        assertThat(rows.stateOf("site", job.requireSiteId())).isEqualTo("creating");
    }

    @Test
    void the_next_attempt_holds_a_newer_token() {
        var job = lost();
        assertThat(repeat(job).fencingToken()).isGreaterThan(job.fencingToken());
    }

    @Test
    void nobody_takes_the_next_attempt_before_its_pause_is_over() {
        var repeat = repeat(lost());
        assertThat(life.dispatch(repeat.id(), repeat.requireNodeId())).isEmpty();
    }

    @Test
    void the_next_attempt_is_taken_after_its_pause() {
        var repeat = repeat(lost());
        endPause(repeat);
        assertThat(life.dispatch(repeat.id(), repeat.requireNodeId())).isPresent();
    }

    @Test
    void an_operator_who_retries_meanwhile_ends_the_pause() {
        var job = lost();
        var repeat = repeat(job);
        assertThat(jobs.retry(job.id(), ME).id()).isEqualTo(repeat.id());
        assertThat(life.dispatch(repeat.id(), repeat.requireNodeId())).isPresent();
    }

    @Test
    void a_request_that_ended_the_pause_may_be_sent_twice() {
        var job = lost();
        var repeat = repeat(job);
        var request = new Requester("somebody", "once");
        assertThat(jobs.retry(job.id(), request).id()).isEqualTo(repeat.id());
        assertThat(jobs.retry(job.id(), request).id()).isEqualTo(repeat.id());
    }

    @Test
    void a_waiting_attempt_is_cancelled() {
        var repeat = repeat(lost());
        assertThat(jobs.cancel(repeat.id(), "me").state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void after_the_last_attempt_the_job_stays_failed() {
        var third = repeat(lose(repeat(lost())));
        assertThat(jobs.repeat(lose(third).id())).isEmpty();
        assertThat(rows.stateOf("site", third.requireSiteId())).isEqualTo("failed");
    }

    @Test
    void an_attempt_that_is_refused_by_now_does_not_keep_the_job_from_ending() {
        var job = sample.exclusiveIn(JobState.RUNNING);
        app.jdbc()
                .sql("UPDATE node SET state = 'draining' WHERE id = :id")
                .param("id", job.requireNodeId())
                .update();
        assertThat(life.failed(job.id(), LOST, true)).isTrue();
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.FAILED);
        assertThat(jobs.repeat(job.id())).isEmpty();
        assertThat(rows.stateOf("site", job.requireSiteId())).isEqualTo("failed");
        assertThat(rows.token(job.requireSiteId())).isEqualTo(job.fencingToken());
    }

    @Test
    void what_may_be_half_there_is_left_to_an_operator() {
        var job = sample.exclusiveIn(JobState.RUNNING);
        life.failed(job.id(), LOST, false);
        assertThat(jobs.repeat(job.id())).isEmpty();
    }

    @Test
    void other_failures_are_left_to_an_operator() {
        var job = sample.exclusiveIn(JobState.FAILED);
        assertThat(jobs.repeat(job.id())).isEmpty();
    }

    @Test
    void the_waiting_attempt_is_named_to_whoever_wants_the_site() {
        var job = lost();
        var place = new SampleJobs.Place(job.requireNodeId(), job.requireSiteId(), job.requireEnvironmentId());
        assertThatThrownBy(() -> sample.exclusive(place))
                .hasMessageContaining(repeat(job).id());
    }

    private Job lost() {
        return lose(sample.exclusiveIn(JobState.QUEUED));
    }

    private Job lose(Job job) {
        endPause(job);
        life.dispatch(job.id(), job.requireNodeId());
        life.running(job.id());
        life.failed(job.id(), LOST, true);
        return jobs.get(job.id());
    }

    private Job repeat(Job job) {
        return Optional.of(job.id()).flatMap(jobs::repeat).orElseThrow();
    }

    private void endPause(Job job) {
        app.jdbc()
                .sql("UPDATE job SET not_before = now() - interval '1 ms' WHERE id = :id AND not_before IS NOT NULL")
                .param("id", job.id())
                .update();
    }
}
