package io.pressluft.controlplane.job;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedWork;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Jobs that the control plane does itself, as they are taken and ended. */
@ControlPlaneTest
class WorkersTest {

    private static final int MORE_THAN_FIT = 30;
    private static final Requester ME = new Requester("me", null);

    private final Jobs jobs;
    private final JobRecorder recorder;
    private final SampleJobs sample;
    private final RunningControlPlane app;
    private String node;

    WorkersTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.recorder = app.bean(JobRecorder.class);
        this.sample = new SampleJobs(app);
    }

    @BeforeEach
    void makeNode() {
        node = app.rows().nodeInState("ready");
    }

    @Test
    void more_jobs_than_fit_are_all_done() {
        var queued = IntStream.range(0, MORE_THAN_FIT).mapToObj(i -> enqueue()).toList();
        eventually("all are done", () -> queued.stream().allMatch(this::done));
    }

    @Test
    void every_state_that_could_be_seen_is_an_event() {
        assertThat(statesTold()).containsExactly("queued", "running", "succeeded");
    }

    @Test
    void the_last_event_says_what_the_job_says() {
        var job = enqueue();
        eventually("it is done", () -> done(job));
        var told = JsonMapper.shared()
                .readTree(recorder.eventsAfter(job.id(), 0).getLast().body());
        var settled = Objects.requireNonNull(jobs.get(job.id()).settledAt());
        assertThat(told.path("settledAt").asString()).isEqualTo(settled.toString());
    }

    @Test
    void the_enqueued_job_is_the_one_that_is_read_back() {
        var place = sample.place();
        var job = sample.exclusive(place);
        assertThat(jobs.get(job.id())).isEqualTo(job);
    }

    @Test
    void a_log_without_end_is_cut_and_says_so() {
        var line = "x".repeat(300 * 1024);
        app.bean(ScriptedWork.class)
                .on(node, (job, log) -> IntStream.range(0, 5).forEach(piece -> log.log(line)));
        var job = enqueue();
        eventually("it is done", () -> done(job));
        assertThat(new String(recorder.log(job.id()), StandardCharsets.UTF_8))
                .hasSizeGreaterThan(1 << 20)
                .endsWith("The log was cut here.\n");
    }

    private List<String> statesTold() {
        var job = enqueue();
        eventually("it is done", () -> done(job));
        return recorder.eventsAfter(job.id(), 0).stream()
                .map(event ->
                        JsonMapper.shared().readTree(event.body()).path("state").asString())
                .toList();
    }

    private Job enqueue() {
        return sample.enqueue(NewJob.forNode(ScriptedWork.TYPE, node, Map.of(), ME));
    }

    private boolean done(Job job) {
        return jobs.get(job.id()).state() == JobState.SUCCEEDED;
    }
}
