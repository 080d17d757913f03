package io.pressluft.controlplane.job;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static io.pressluft.controlplane.harness.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedWork;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the control plane does itself ends in time, too. */
@ControlPlaneTest
class WorkerDeadlineTest {

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final SampleJobs sample;
    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);

    WorkerDeadlineTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.sample = new SampleJobs(app);
    }

    @Test
    void a_step_that_hangs_fails_its_job_with_its_name() {
        var job = hang();
        awaitEnd(job);
        var failure = Objects.requireNonNull(jobs.get(job.id()).failure());
        assertThat(failure.code()).isEqualTo("step_deadline_exceeded");
        assertThat(failure.step()).isEqualTo("Hang");
    }

    @Test
    void a_job_past_its_deadline_fails() {
        var job = hang();
        app.jdbc()
                .sql("UPDATE job SET deadline_at = now() - interval '1 s' WHERE id = :id")
                .param("id", job.id())
                .update();
        awaitEnd(job);
        assertThat(Objects.requireNonNull(jobs.get(job.id()).failure()).code())
                .isIn("deadline_exceeded", "step_deadline_exceeded");
    }

    @Test
    void work_that_is_told_to_end_is_cancelled() {
        var job = hang();
        jobs.cancel(job.id(), "me");
        awaitEnd(job);
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.CANCELLED);
        assertThat(app.bean(JobRecorder.class).steps(job.id()))
                .extracting(JobStep::name, JobStep::outcome, JobStep::code)
                .containsExactly(tuple("Hang", "failed", "job_cancelled"));
    }

    @Test
    void the_time_in_which_nobody_worked_on_a_job_is_not_counted() {
        var job = hang();
        app.bean(ScriptedWork.class).on(job.requireNodeId(), (any, log) -> {});
        app.jdbc().sql("""
                        UPDATE job SET worker = 'gone', worker_seen_at = now() - interval '2 h',
                            deadline_at = now() - interval '1 h' WHERE id = :id
                        """).param("id", job.id()).update();
        within(
                Duration.ofMinutes(1), // a replica that has just begun waits before it takes anything over
                "another worker is done with it",
                () -> jobs.get(job.id()).state().terminal());
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(app.bean(JobRecorder.class).steps(job.id()))
                .extracting(JobStep::outcome)
                .doesNotContain("running");
    }

    private Job hang() {
        var place = sample.place();
        app.bean(ScriptedWork.class)
                .on(
                        place.node(),
                        (job, log) -> log.step("Hang", () -> {
                            hanging.countDown();
                            return never.await(1, java.util.concurrent.TimeUnit.MINUTES);
                        }));
        var job = sample.enqueue(NewJob.forNode(ScriptedWork.TYPE, place.node(), Map.of(), new Requester("me", null)));
        eventually("the work has begun", () -> hanging.getCount() == 0);
        return job;
    }

    private void awaitEnd(Job job) {
        eventually("the job ends", () -> jobs.get(job.id()).state().terminal());
    }
}
