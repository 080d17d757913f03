package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which jobs wait for somebody. */
@ControlPlaneTest
class JobAttentionTest {

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final SampleJobs sample;
    private final JobWalk life;
    private SampleJobs.Place place;

    JobAttentionTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.sample = new SampleJobs(app);
        this.life = new JobWalk(app);
    }

    @BeforeEach
    void makePlace() {
        place = sample.place();
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
    void a_shared_job_that_failed_waits() {
        var job = failed(sample.shared(place));
        assertThat(waiting()).containsExactly(job.id());
    }

    @Test
    void a_shared_job_that_was_refused_waits() {
        var job = sample.shared(place);
        life.dispatch(job.id(), place.node());
        life.rejected(job.id(), SampleJobs.FAILURE);
        assertThat(waiting()).containsExactly(job.id());
    }

    @Test
    void a_shared_job_does_not_once_another_one_like_it_has_succeeded() {
        failed(sample.shared(place));
        succeeded(sample.shared(place));
        assertThat(waiting()).isEmpty();
    }

    @Test
    void a_shared_job_still_does_while_another_one_like_it_is_under_way() {
        var job = failed(sample.shared(place));
        sample.shared(place);
        assertThat(waiting()).containsExactly(job.id());
    }

    @Test
    void a_shared_job_does_not_after_its_site_was_changed() {
        failed(sample.shared(place));
        sample.exclusive(place);
        assertThat(waiting()).isEmpty();
    }

    @Test
    void a_shared_job_does_not_after_a_day() {
        var job = failed(sample.shared(place));
        // What has ended does not change any more, so it is written down as if it had been yesterday.
        app.jdbc().sql("ALTER TABLE job DISABLE TRIGGER job_moves").update();
        try {
            app.jdbc()
                    .sql("UPDATE job SET settled_at = now() - interval '25 hours' WHERE id = :id")
                    .param("id", job.id())
                    .update();
        } finally {
            app.jdbc().sql("ALTER TABLE job ENABLE TRIGGER job_moves").update();
        }
        assertThat(waiting()).isEmpty();
    }

    @Test
    void a_part_of_another_job_is_that_ones_matter() {
        failed(sample.enqueue(NewJob.forNode("node_release", place.node(), Map.of(), new Requester("me", null))));
        assertThat(waiting()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "CANCELLED"})
    void the_page_offers_every_way_to_end(JobState state) {
        var job = sample.exclusiveIn(state);
        sample.exclusiveIn(JobState.FAILED);
        assertThat(app.api().get("/jobs").text()).contains("href=\"/jobs?state=" + state.text());
        assertThat(app.api().get("/jobs?state=" + state.text()).text())
                .contains("/jobs/" + job.id())
                .containsOnlyOnce("href=\"/jobs/job_");
    }

    @Test
    void the_api_lists_them() {
        var job = sample.exclusiveIn(JobState.STALLED);
        sample.exclusiveIn(JobState.SUCCEEDED);
        assertThat(app.api().get("/api/jobs?attention=true").json().path("jobs").findValuesAsString("id"))
                .containsExactly(job.id());
    }

    private Job failed(Job job) {
        begin(job);
        life.failed(job.id(), SampleJobs.FAILURE, true);
        return job;
    }

    private void succeeded(Job job) {
        begin(job);
        life.verifying(job.id(), Map.of());
        life.decide(job.id(), Optional.empty());
        assertThat(life.succeeded(job.id())).isTrue();
    }

    private void begin(Job job) {
        life.dispatch(job.id(), job.requireNodeId());
        life.running(job.id());
    }

    private List<String> waiting() {
        return jobs.list(JobFilter.ATTENTION, 50).stream().map(Job::id).toList();
    }
}
