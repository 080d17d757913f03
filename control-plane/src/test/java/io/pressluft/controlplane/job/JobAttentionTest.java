package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which jobs wait for somebody. */
@ControlPlaneTest
class JobAttentionTest {

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final SampleJobs sample;

    JobAttentionTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.sample = new SampleJobs(app);
    }

    @ParameterizedTest
    @EnumSource(names = {"STALLED", "FAILED", "REJECTED"})
    void a_job_to_which_nothing_more_happens_waits(JobState state) {
        var job = sample.exclusiveIn(state);
        assertThat(waiting()).containsExactly(job.id());
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "DISPATCHED", "RUNNING", "VERIFYING", "SUCCEEDED", "CANCELLED"})
    void a_job_under_way_or_ended_as_it_should_does_not(JobState state) {
        sample.exclusiveIn(state);
        assertThat(waiting()).isEmpty();
    }

    @Test
    void a_job_that_nobody_takes_waits_after_a_while() {
        var job = sample.exclusiveIn(JobState.QUEUED);
        app.jdbc()
                .sql("UPDATE job SET created_at = now() - :long * interval '1 ms' WHERE id = :id")
                .param("long", Jobs.WAITING.toMillis() + 1)
                .param("id", job.id())
                .update();
        assertThat(waiting()).containsExactly(job.id());
    }

    @Test
    void a_failure_about_which_something_was_done_does_not() {
        var job = sample.exclusiveIn(JobState.FAILED);
        jobs.retry(job.id(), new Requester("me", null));
        assertThat(waiting()).isEmpty();
    }

    @Test
    void a_failure_on_another_site_still_does() {
        var job = sample.exclusiveIn(JobState.FAILED);
        sample.exclusiveIn(JobState.SUCCEEDED);
        assertThat(waiting()).containsExactly(job.id());
    }

    @Test
    void the_api_lists_them() {
        var job = sample.exclusiveIn(JobState.STALLED);
        sample.exclusiveIn(JobState.SUCCEEDED);
        assertThat(app.api().get("/api/jobs?attention=true").json().path("jobs").findValuesAsString("id"))
                .containsExactly(job.id());
    }

    private List<String> waiting() {
        return jobs.list(JobFilter.ATTENTION, 50).stream().map(Job::id).toList();
    }
}
