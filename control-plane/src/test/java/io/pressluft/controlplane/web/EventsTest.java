package io.pressluft.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.Api;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.JobWalk;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The history of a job as a stream. */
@ControlPlaneTest
class EventsTest {

    private static final Pattern NUMBER = Pattern.compile("^id: ?([0-9]+)$", Pattern.MULTILINE);

    private final RunningControlPlane app;
    private final Api api;
    private String job;

    EventsTest(RunningControlPlane app) {
        this.app = app;
        this.api = app.api();
    }

    @BeforeEach
    void finishAJob() {
        var node = app.rows().readyNode();
        job = api.post("/api/sites", "{\"slug\": \"shop\", \"title\": \"A shop\"}")
                .field("job", "id");
        var life = new JobWalk(app);
        life.dispatch(job, node);
        life.running(job);
        life.verifying(job, Map.of());
        life.decide(job, Optional.empty());
        life.succeeded(job);
    }

    @Test
    void the_stream_of_a_finished_job_tells_everything_and_ends() {
        assertThat(numbers(events())).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void the_stream_ends_with_the_state() {
        assertThat(events().lines().filter(line -> !line.isBlank()).toList().getLast())
                .matches("data: ?\\{\"state\":\"succeeded\"}");
    }

    @Test
    void a_returning_listener_gets_what_it_missed() {
        assertThat(numbers(events("Last-Event-ID", "3"))).containsExactly("4", "5");
    }

    @Test
    void a_malformed_position_starts_from_the_beginning() {
        assertThat(numbers(events("Last-Event-ID", "'; DROP TABLE job"))).hasSize(5);
    }

    private String events(String... headers) {
        return api.get("/api/jobs/" + job + "/events", headers).text();
    }

    private static java.util.List<String> numbers(String stream) {
        return NUMBER.matcher(stream).results().map(found -> found.group(1)).toList();
    }
}
