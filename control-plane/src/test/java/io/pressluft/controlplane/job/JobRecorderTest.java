package io.pressluft.controlplane.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps, log and events of a job arrive more than once and in pieces. */
@ControlPlaneTest
class JobRecorderTest {

    private static final Instant STARTED = Instant.parse("2026-11-21T01:30:00Z");

    private final JobRecorder recorder;
    private final SampleJobs sample;
    private String job;

    JobRecorderTest(RunningControlPlane app) {
        this.recorder = app.bean(JobRecorder.class);
        this.sample = new SampleJobs(app);
    }

    @BeforeEach
    void makeJob() {
        job = sample.exclusiveIn(JobState.RUNNING).id();
    }

    @Test
    void the_same_step_twice_is_one_row() {
        recorder.step(job, running(1));
        recorder.step(job, running(1));
        assertThat(recorder.steps(job)).hasSize(1);
    }

    @Test
    void the_same_step_twice_is_one_event() {
        var before = events();
        recorder.step(job, ended(1, "changed"));
        recorder.step(job, ended(1, "changed"));
        assertThat(events()).isEqualTo(before + 1);
    }

    @Test
    void the_end_of_a_step_replaces_its_start() {
        recorder.step(job, running(1));
        recorder.step(job, ended(1, "changed"));
        assertThat(recorder.steps(job)).extracting(JobStep::outcome).containsExactly("changed");
    }

    @Test
    void a_late_start_does_not_reopen_an_ended_step() {
        recorder.step(job, ended(1, "failed"));
        recorder.step(job, running(1));
        assertThat(recorder.steps(job)).extracting(JobStep::outcome).containsExactly("failed");
    }

    @Test
    void an_ended_step_keeps_its_outcome() {
        recorder.step(job, ended(1, "failed"));
        recorder.step(job, ended(1, "ok"));
        assertThat(recorder.steps(job)).extracting(JobStep::outcome).containsExactly("failed");
    }

    @Test
    void a_piece_of_the_log_that_comes_twice_is_stored_once() {
        log(0, "one ");
        log(0, "one ");
        assertThat(text()).isEqualTo("one ");
    }

    @Test
    void pieces_of_the_log_are_read_in_the_order_of_their_offsets() {
        log(4, "two");
        log(0, "one ");
        assertThat(text()).isEqualTo("one two");
    }

    @Test
    void a_step_after_the_end_of_the_job_is_still_recorded() {
        var ended = sample.exclusiveIn(JobState.SUCCEEDED).id();
        recorder.step(ended, ended(1, "ok"));
        assertThat(recorder.steps(ended)).hasSize(1);
    }

    @Test
    void events_written_at_the_same_time_are_numbered_without_gaps() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int ordinal = 1; ordinal <= 100; ordinal++) {
                var step = ended(ordinal, "ok");
                threads.execute(() -> recorder.step(job, step));
            }
        }
        assertThat(recorder.eventsAfter(job, 0))
                .extracting(JobEvent::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, events()).boxed().toList());
    }

    private int events() {
        return recorder.eventsAfter(job, 0).size();
    }

    private static JobStep running(int ordinal) {
        return new JobStep(ordinal, "apply", "A step", "running", STARTED, null, null, null);
    }

    private static JobStep ended(int ordinal, String outcome) {
        return new JobStep(ordinal, "apply", "A step", outcome, STARTED, 5L, null, null);
    }

    private void log(long offset, String text) {
        recorder.log(job, offset, text.getBytes(UTF_8));
    }

    private String text() {
        return new String(recorder.log(job, 1000), UTF_8);
    }
}
