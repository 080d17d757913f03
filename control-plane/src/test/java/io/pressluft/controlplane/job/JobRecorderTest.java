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
    void a_piece_of_the_log_that_would_leave_a_gap_is_not_stored() {
        log(4, "two");
        log(0, "one ");
        assertThat(text()).isEqualTo("one ");
        log(4, "two");
        assertThat(text()).isEqualTo("one two");
    }

    @Test
    void a_log_that_goes_on_for_ever_is_cut() {
        var piece = "x".repeat(1 << 16);
        for (long offset = 0; offset < 4L << 20; offset += piece.length()) {
            log(offset, piece);
        }
        assertThat(recorder.logLength(job)).isEqualTo(1 << 20);
    }

    @Test
    void secrets_in_logs_and_messages_are_masked() {
        log(0, "requirepass=Hunter2 and define('AUTH_KEY', 'Hunter2');");
        recorder.step(job, new JobStep(0, 1, "apply", "A step", "failed", STARTED, 5L, "x", "password=Hunter2"));
        assertThat(text()).doesNotContain("Hunter2");
        assertThat(recorder.steps(job).getFirst().message()).isEqualTo("password=*******");
        assertThat(recorder.eventsAfter(job, 0).toString()).doesNotContain("Hunter2");
    }

    @Test
    void the_log_is_followed_piece_by_piece() {
        log(0, "one\n");
        log(0, "one\n");
        log(4, "two\n");
        assertThat(recorder.eventsAfter(job, 0))
                .filteredOn(event -> event.kind().equals("log"))
                .extracting(JobEvent::body)
                .containsExactly(
                        "{\"part\":0,\"offset\":0,\"text\":\"one\\n\"}",
                        "{\"part\":0,\"offset\":4,\"text\":\"two\\n\"}");
    }

    @Test
    void parts_have_steps_and_logs_of_their_own() {
        recorder.step(job, ended(1, "ok"));
        recorder.step(job, new JobStep(1, 1, "apply", "On the source", "changed", STARTED, 5L, null, null));
        log(0, "target\n");
        recorder.log(job, 1, 0, "source\n".getBytes(UTF_8));
        assertThat(recorder.steps(job)).extracting(JobStep::part).containsExactly(0, 1);
        assertThat(text()).isEqualTo("target\nsource\n");
    }

    @Test
    void a_text_with_a_nul_or_without_end_is_stored_as_far_as_it_can_be() {
        recorder.step(
                job, new JobStep(0, 1, "apply", "A\0 step", "failed", STARTED, 5L, "x", "no ".repeat(10_000) + "\0"));
        assertThat(recorder.steps(job).getFirst().name()).isEqualTo("A step");
        assertThat(recorder.steps(job).getFirst().message()).hasSize(2_000);
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
        return new JobStep(0, ordinal, "apply", "A step", "running", STARTED, null, null, null);
    }

    private static JobStep ended(int ordinal, String outcome) {
        return new JobStep(0, ordinal, "apply", "A step", outcome, STARTED, 5L, null, null);
    }

    private void log(long offset, String text) {
        recorder.log(job, 0, offset, text.getBytes(UTF_8));
    }

    private String text() {
        return new String(recorder.log(job), UTF_8);
    }
}
