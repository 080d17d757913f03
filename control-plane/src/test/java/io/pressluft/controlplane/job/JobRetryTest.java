package io.pressluft.controlplane.job;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A retry repeats the newest intent only: what an older one would do by now, nobody asked for. */
@ControlPlaneTest
class JobRetryTest {

    private static final Requester ME = new Requester("me", null);

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final JobWalk life;
    private final Rows rows;
    private final SampleJobs sample;
    private SampleJobs.Place place;
    private Job failed;

    JobRetryTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.life = new JobWalk(app);
        this.rows = app.rows();
        this.sample = new SampleJobs(app);
    }

    @BeforeEach
    void fail() {
        place = sample.place();
        failed = fail(sample.exclusive(place));
    }

    @Test
    void a_job_after_which_another_one_came_is_not_retried() {
        var later = fail(jobs.retry(failed.id(), ME));
        assertRefused(ErrorCode.JOB_SUPERSEDED, later.id(), () -> jobs.retry(failed.id(), ME));
    }

    @Test
    void the_page_of_a_retried_job_leads_to_the_retry_and_advises_nothing() {
        var advice = failed.failure().remediation();
        assertThat(page(failed)).contains(advice);
        var later = jobs.retry(failed.id(), ME);
        assertThat(page(failed))
                .doesNotContain(advice)
                .contains("It was <a href=\"/jobs/" + later.id() + "\">retried</a>.");
    }

    private String page(Job job) {
        return app.api().get("/jobs/" + job.id()).text();
    }

    @Test
    void the_newest_of_several_failed_jobs_is_retried() {
        var later = fail(jobs.retry(failed.id(), ME));
        assertThat(jobs.retry(later.id(), ME).retryOf()).isEqualTo(later.id());
    }

    @Test
    void a_job_is_not_retried_while_a_later_one_is_under_way() {
        var later = jobs.retry(failed.id(), ME);
        assertRefused(ErrorCode.JOB_SUPERSEDED, later.id(), () -> jobs.retry(failed.id(), ME));
    }

    @Test
    void an_old_deletion_does_not_delete_a_site_that_is_active_again() {
        var deletion = fail(sample.enqueue(
                NewJob.forEnvironment("site_delete", place.site(), place.environment(), place.node(), Map.of(), ME)));
        sample.exclusive(place);
        rows.move(place.site(), "active");
        assertThatThrownBy(() -> jobs.retry(deletion.id(), ME)).isInstanceOf(CodedException.class);
        assertThat(rows.stateOf("site", place.site())).isEqualTo("active");
    }

    @Test
    void a_shared_job_that_came_after_it_is_in_nobodys_way() {
        sample.shared(place);
        assertThat(jobs.retry(failed.id(), ME).retryOf()).isEqualTo(failed.id());
    }

    @Test
    void a_job_of_another_site_is_in_nobodys_way() {
        sample.exclusiveIn(JobState.SUCCEEDED);
        assertThat(jobs.retry(failed.id(), ME).retryOf()).isEqualTo(failed.id());
    }

    @Test
    void only_the_newest_failed_job_of_a_site_is_offered_to_be_retried() {
        var later = fail(jobs.retry(failed.id(), ME));
        assertThat(jobs.views(List.of(jobs.get(failed.id()), later)))
                .extracting(JobView::retryable)
                .containsExactly(false, true);
        assertThat(jobs.view(jobs.get(failed.id())).retryable()).isFalse();
    }

    @Test
    void a_failed_job_whose_repeat_waits_may_be_retried() {
        var lost = sample.exclusiveIn(JobState.RUNNING);
        life.failed(lost.id(), JobFailure.of(ErrorCode.RUN_LOST, "It is gone.", null), true);
        assertThat(jobs.view(jobs.get(lost.id())).retryable()).isTrue();
    }

    @Test
    void a_job_that_came_and_went_between_look_and_retry_is_seen() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var retry = app.transaction().execute(status -> {
                var other = sample.exclusive(place);
                jobs.cancel(other.id(), "somebody else");
                Future<Job> late = pool.submit(() -> jobs.retry(failed.id(), ME));
                eventually("the retry waits for the site's token", () -> rows.waitingForLocks() == 1);
                return late;
            });
            assertThatThrownBy(retry::get).hasMessageContaining("came after it");
        }
        assertThat(jobs.repeat(failed.id())).isEmpty();
    }

    private Job fail(Job job) {
        life.dispatch(job.id(), job.requireNodeId());
        life.running(job.id());
        life.failed(job.id(), SampleJobs.FAILURE, true);
        return jobs.get(job.id());
    }

    private static void assertRefused(ErrorCode code, String naming, ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining(naming)
                .isInstanceOfSatisfying(
                        CodedException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
