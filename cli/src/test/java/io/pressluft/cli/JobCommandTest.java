package io.pressluft.cli;

import static io.pressluft.cli.FakeControlPlane.events;
import static io.pressluft.cli.FakeControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a person at a terminal does to a job. */
class JobCommandTest {
    private static final String ID = "job_aaaaaaaaaaaa";
    private static final String JOB = "GET /api/jobs/" + ID;
    private static final String CANCEL = "POST /api/jobs/" + ID + "/cancel";
    private static final String RESOLVE = "POST /api/jobs/" + ID + "/resolve";
    private static final String END = "id: 1\nevent: end\ndata: {}\n\n";

    private final FakeControlPlane server;

    JobCommandTest() throws IOException {
        server = new FakeControlPlane();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_stalled_job_is_shown_with_its_reason_in_words() {
        server.on(JOB, 200, job("stalled", "\"stallReason\":\"agent_lost_it\""));
        assertThat(run("job", "show", ID).out())
                .contains("  stalled       its agent knows nothing of it any more; only job resolve ends it");
    }

    @Test
    void a_reason_of_a_newer_control_plane_is_shown_as_it_is() {
        server.on(JOB, 200, job("stalled", "\"stallReason\":\"moon_full\""));
        assertThat(run("job", "show", ID).out()).contains("  stalled       moon_full");
    }

    @Test
    void a_job_that_was_told_to_end_is_shown_with_who_told_it() {
        server.on(JOB, 200, job("running", "\"cancelledBy\":\"anna\""));
        assertThat(run("job", "show", ID).out()).contains("  cancelled by  anna");
    }

    @Test
    void a_job_is_shown_with_its_attempt() {
        server.on(JOB, 200, job("running", "\"attempt\":2"));
        assertThat(run("job", "show", ID).out()).contains("  attempt       2");
    }

    @Test
    void a_job_of_two_nodes_is_shown_with_what_each_has_to_do() {
        server.on(JOB, 200, job("running", """
                "parts":[{"part":0,"nodeId":"node_aaaaaaaaaaaa","role":"target","state":"running"},
                         {"part":1,"nodeId":"node_bbbbbbbbbbbb","role":"source","state":"waiting"}]"""));
        assertThat(run("job", "show", ID).out().lines().toList())
                .contains(
                        "PART  NODE               ROLE    STATE",
                        "0     node_aaaaaaaaaaaa  target  running",
                        "1     node_bbbbbbbbbbbb  source  waiting");
    }

    @Test
    void a_job_of_one_node_is_shown_without_parts() {
        server.on(JOB, 200, job("running", "\"attempt\":1"));
        assertThat(run("job", "show", ID).out()).doesNotContain("PART").doesNotContain("stalled");
    }

    @Test
    void cancelling_follows_the_job_to_its_end() {
        server.on(CANCEL, 202, job("running", "\"cancelledBy\":\"anna\""))
                .on("GET /api/jobs/" + ID + "/events", events(END))
                .on(JOB, json(200, job("running", "\"attempt\":1")), json(200, job("cancelled", "\"attempt\":1")));
        var ran = run("job", "cancel", ID);
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("Job %s: cancelled".formatted(ID));
        assertThat(server.received("POST", "/api/jobs/" + ID + "/cancel")).hasSize(1);
    }

    @Test
    void a_job_that_nobody_had_taken_is_not_followed() {
        server.on(CANCEL, 202, job("cancelled", "\"attempt\":1"));
        assertThat(run("job", "cancel", ID).exit()).isZero();
        assertThat(server.received("GET", "/api/jobs/" + ID)).isEmpty();
    }

    @Test
    void a_cancelled_job_that_ends_otherwise_is_1() {
        server.on(CANCEL, 202, job("running", "\"attempt\":1"))
                .on("GET /api/jobs/" + ID + "/events", events(END))
                .on(JOB, 200, job("failed", "\"attempt\":1"));
        var ran = run("job", "cancel", ID);
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).contains("Job %s: failed".formatted(ID));
    }

    @Test
    void cancelling_without_waiting_answers_as_soon_as_the_job_is_told() {
        server.on(CANCEL, 202, job("running", "\"cancelledBy\":\"anna\""));
        var ran = run("job", "cancel", ID, "--no-wait");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("Job %s: running".formatted(ID));
        assertThat(server.received("GET", "/api/jobs/" + ID)).isEmpty();
    }

    @Test
    void a_job_that_is_too_far_to_be_cancelled_is_3() {
        server.on(CANCEL, 409, refusal("job_not_cancellable"));
        var ran = run("job", "cancel", ID);
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err()).contains("job_not_cancellable").contains("Look at its state");
    }

    @Test
    void a_resolved_job_is_said_to_have_failed() {
        server.on(RESOLVE, 200, job("failed", "\"attempt\":1"));
        var ran = run("job", "resolve", ID);
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("Job %s: failed".formatted(ID));
    }

    @Test
    void a_resolved_job_is_a_scripts_in_full() {
        server.on(RESOLVE, 200, job("failed", "\"attempt\":1"));
        var answer = Objects.requireNonNull(
                Json.object(run("job", "resolve", ID, "-o", "json").out()));
        assertThat(Json.text(answer, "state")).isEqualTo("failed");
    }

    @Test
    void a_job_that_is_not_stalled_is_not_resolved_and_that_is_3() {
        server.on(RESOLVE, 409, refusal("job_not_stalled"));
        var ran = run("job", "resolve", ID);
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err()).contains("job_not_stalled");
    }

    private Terminal run(String... arguments) {
        return Terminal.run(Map.of("PRESSLUFT_URL", server.url(), "PRESSLUFT_TOKEN", "secret"), arguments);
    }

    private static String job(String state, String more) {
        return "{\"id\":\"%s\",\"type\":\"site_create\",\"state\":\"%s\",%s}".formatted(ID, state, more);
    }

    private static String refusal(String code) {
        return """
                {"code":"%s","message":"It cannot be done","remediation":"Look at its state","details":[]}""".formatted(code);
    }
}
