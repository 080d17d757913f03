package io.pressluft.cli;

import static io.pressluft.cli.FakeControlPlane.brokenEvents;
import static io.pressluft.cli.FakeControlPlane.events;
import static io.pressluft.cli.FakeControlPlane.hangUp;
import static io.pressluft.cli.FakeControlPlane.json;
import static io.pressluft.cli.FakeControlPlane.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    private static final String RUNNING =
            "{\"id\":\"job_aaaaaaaaaaaa\",\"type\":\"site_create\",\"state\":\"running\"}";
    private static final String DONE = """
            {"id":"job_aaaaaaaaaaaa","type":"site_create","state":"succeeded","steps":[
              {"ordinal":1,"phase":"apply","name":"Make the user","outcome":"changed","durationMs":40},
              {"ordinal":2,"phase":"apply","name":"Install WordPress","outcome":"changed","durationMs":900},
              {"ordinal":3,"phase":"prove","name":"Front page","outcome":"ok","durationMs":80}]}""";
    private static final String FAILED = """
            {"id":"job_aaaaaaaaaaaa","type":"site_create","state":"failed","retryable":true,
             "failure":{"code":"database_unavailable","message":"MariaDB does not answer","step":"Create the database",
               "remediation":"Start MariaDB on the node"}}""";
    private static final String JOB = "GET /api/jobs/job_aaaaaaaaaaaa";
    private static final String EVENTS = "GET /api/jobs/job_aaaaaaaaaaaa/events";
    private static final String SITE = "{\"id\":\"site_aaaaaaaaaaaa\",\"slug\":\"blog\",\"state\":\"active\"}";

    private record Ran(int exit, String out, String err) {
        JsonObject json() {
            return Objects.requireNonNull(Json.object(out), out);
        }
    }

    @TempDir
    Path data = Path.of("");

    private FakeControlPlane server = start();
    private final Map<String, String> environment = new HashMap<>();

    private static FakeControlPlane start() {
        try {
            return new FakeControlPlane();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void pointAtServer() {
        environment.put("PRESSLUFT_URL", server.url());
        environment.put("PRESSLUFT_TOKEN", "secret");
        environment.put("PRESSLUFT_DATA", data.toString());
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private Ran run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var output = new Output(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                0);
        int exit = new Pressluft(output, environment).run(arguments);
        return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String event(int id, String name, String data) {
        return "id: %d\nevent: %s\ndata: %s\n\n".formatted(id, name, data);
    }

    private static String step(int ordinal, String name, String outcome) {
        return "{\"ordinal\":%d,\"phase\":\"apply\",\"name\":\"%s\",\"outcome\":\"%s\",\"durationMs\":40}"
                .formatted(ordinal, name, outcome);
    }

    @Test
    void lists_nodes_as_a_table() {
        server.on(
                "GET /api/nodes",
                200,
                "{\"nodes\":[{\"id\":\"node_aaaaaaaaaaaa\",\"name\":\"one\",\"state\":\"ready\",\"ready\":true,"
                        + "\"online\":true,\"provider\":\"nspawn\",\"environments\":2,\"load\":0.5}]}");
        Ran ran = run("node", "list");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out().lines().toList())
                .containsExactly(
                        "ID                 NAME  STATE  READY  AGENT   PROVIDER  ENVIRONMENTS  LOAD",
                        "node_aaaaaaaaaaaa  one   ready  yes    online  nspawn    2             0.5");
        assertThat(server.requests.getFirst().header("Authorization")).isEqualTo("Bearer secret");
    }

    @Test
    void prints_the_answer_itself_for_scripts() {
        server.on(
                "GET /api/sites",
                200,
                "{\"sites\":[{\"slug\":\"blog\",\"title\":\"Gr\u00fc\u00dfe \u001b[31m\u009b2J\"}]}");
        Ran ran = run("site", "list", "-o", "json");
        assertThat(Json.text(Json.objects(ran.json(), "sites").getFirst(), "title"))
                .isEqualTo("Grüße \u001b[31m\u009b2J");
        assertThat(ran.out()).doesNotContain("\u001b").doesNotContain("\u009b");
    }

    @Test
    void never_prints_a_control_character_of_the_server_to_a_terminal() {
        server.on("GET /api/sites", 200, "{\"sites\":[{\"slug\":\"blog\",\"title\":\"\\u001b]0;x\\u0007\\u202e\"}]}");
        Ran ran = run("site", "list");
        assertThat(ran.out()).contains("\\u001b]0;x\\u0007\\u202e").doesNotContain("\u001b");
    }

    @Test
    void sends_a_title_as_it_is() {
        server.on("POST /api/sites", 202, "{\"site\":%s,\"job\":%s}".formatted(SITE, RUNNING));
        String title = "{{ lookup('pipe','id') }} $(id) '; DROP TABLE <script> \ud83c\udf89";
        Ran ran = run("site", "create", "blog", "--title", title, "--no-wait");
        assertThat(ran.exit()).isZero();
        FakeControlPlane.Request request = server.received("POST", "/api/sites").getFirst();
        assertThat(Json.text(Objects.requireNonNull(Json.object(request.body())), "title"))
                .isEqualTo(title);
        assertThat(request.header("Idempotency-Key")).hasSizeBetween(1, 100);
    }

    @Test
    void follows_a_job_through_its_events() {
        server.on("POST /api/sites", 202, "{\"site\":%s,\"job\":%s}".formatted(SITE, RUNNING))
                .on(JOB, json(200, RUNNING), json(200, DONE))
                .on(
                        EVENTS,
                        events(event(1, "step", step(1, "Make the user", "running"))
                                + ": keep-alive\n\n"
                                + event(2, "step", step(1, "Make the user", "changed"))
                                + event(3, "end", "{\"state\":\"succeeded\"}")))
                .on(
                        "GET /api/sites/site_aaaaaaaaaaaa",
                        200,
                        "{\"slug\":\"blog\",\"state\":\"active\",\"environments\":[{\"url\":\"http://blog.localhost:7680\"}]}");
        Ran ran = run("site", "create", "blog", "--title", "Blog");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out())
                .containsOnlyOnce("Make the user")
                .containsOnlyOnce("Install WordPress")
                .contains("Site blog is active")
                .contains("http://blog.localhost:7680");
    }

    @Test
    void reconnects_where_the_stream_broke() {
        server.on(JOB, json(200, RUNNING), json(200, RUNNING), json(200, DONE))
                .on(
                        EVENTS,
                        brokenEvents(event(7, "step", step(1, "Make the user", "changed")) + "id: 8\nevent: st"),
                        events(event(8, "end", "{\"state\":\"succeeded\"}")));
        Ran ran = run("job", "watch", "job_aaaaaaaaaaaa");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).containsOnlyOnce("Make the user");
        assertThat(server.received("GET", "/api/jobs/job_aaaaaaaaaaaa/events"))
                .extracting(request -> request.header("Last-Event-ID"))
                .containsExactly("", "7");
    }

    @Test
    void polls_when_there_is_no_stream() {
        server.on(JOB, json(200, RUNNING), json(503, "{}"), json(200, RUNNING), json(200, DONE))
                .on(EVENTS, json(406, "{}"));
        Ran ran = run("job", "watch", "job_aaaaaaaaaaaa", "-o", "json");
        assertThat(ran.exit()).isZero();
        assertThat(Json.text(ran.json(), "state")).isEqualTo("succeeded");
    }

    @Test
    void explains_a_failed_job_and_exits_with_1() {
        server.on(JOB, 200, FAILED);
        Ran ran = run("job", "watch", "job_aaaaaaaaaaaa");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err())
                .contains("site_create failed: MariaDB does not answer")
                .contains("database_unavailable")
                .contains("Create the database")
                .contains("Start MariaDB on the node")
                .contains("pressluft job retry job_aaaaaaaaaaaa");
    }

    @Test
    void renders_a_refusal_with_its_details_and_exits_with_3() {
        server.on(
                "POST /api/nodes",
                409,
                "{\"code\":\"node_not_ready\",\"message\":\"Node one is not ready\",\"remediation\":\"Wait for it\","
                        + "\"details\":[{\"code\":\"disk_low\",\"message\":\"1 GiB free\"},{\"field\":\"memoryMb\"}]}");
        Ran human = run("node", "create", "--provider", "nspawn");
        assertThat(human.exit()).isEqualTo(3);
        assertThat(human.err())
                .contains("Error: Node one is not ready")
                .contains("- 1 GiB free (disk_low)")
                .contains("- memoryMb")
                .contains("code          node_not_ready")
                .contains("what to do    Wait for it");
        Ran scripted = run("node", "create", "--provider", "nspawn", "-o", "json");
        assertThat(scripted.out()).isEmpty();
        assertThat(Json.text(Objects.requireNonNull(Json.object(scripted.err())), "code"))
                .isEqualTo("node_not_ready");
    }

    @Test
    void a_server_error_is_1_and_a_foreign_answer_is_named() {
        server.on("GET /api/nodes", text(502, "text/html", "<h1>Bad gateway</h1>"))
                .on("GET /api/sites", text(200, "text/html", "<h1>Welcome</h1>"));
        assertThat(run("node", "list").exit()).isEqualTo(1);
        assertThat(run("node", "list").err()).contains("http_502").contains("Bad gateway");
        assertThat(run("site", "list").err()).contains("answer_unreadable");
    }

    @Test
    void a_missing_token_says_what_to_set() {
        environment.remove("PRESSLUFT_TOKEN");
        server.on("GET /api/nodes", 401, "{\"code\":\"unauthenticated\",\"message\":\"Sign in first\"}");
        Ran ran = run("node", "list");
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err()).contains("PRESSLUFT_TOKEN");
        assertThat(server.requests.getFirst().header("Authorization")).isEmpty();
    }

    @Test
    void nothing_listening_is_4() {
        server.close();
        Ran ran = run("node", "list");
        assertThat(ran.exit()).isEqualTo(4);
        assertThat(ran.err()).contains("control_plane_unreachable");
    }

    @Test
    void wrong_usage_is_2() {
        assertThat(run("node", "create").exit()).isEqualTo(2);
        assertThat(run("nonsense").exit()).isEqualTo(2);
        assertThat(run("node", "list", "-o", "xml").exit()).isEqualTo(2);
        assertThat(run("--url", "gopher://x", "node", "list").exit()).isEqualTo(2);
        assertThat(run("test").exit()).isEqualTo(2);
    }

    @Test
    void a_lost_answer_is_asked_for_again_with_the_same_key() {
        server.on(
                "POST /api/nodes",
                hangUp(),
                json(202, "{\"node\":{\"id\":\"node_aaaaaaaaaaaa\"},\"job\":%s}".formatted(RUNNING)));
        Ran ran = run("node", "create", "--provider", "nspawn", "--no-wait", "-o", "json");
        assertThat(ran.exit()).isZero();
        List<String> keys = new ArrayList<>();
        server.received("POST", "/api/nodes").forEach(request -> keys.add(request.header("Idempotency-Key")));
        assertThat(keys).hasSizeGreaterThan(1);
        assertThat(keys.stream().distinct()).hasSize(1);
    }

    @Test
    void finds_the_instance_of_this_machine_and_its_token() throws IOException {
        environment.clear();
        environment.put("PRESSLUFT_DATA", data.toString());
        Files.writeString(data.resolve("instance.json"), "{\"url\":\"%s\",\"pid\":1}".formatted(server.url()));
        Files.writeString(data.resolve("operator.token"), "local-token\n");
        server.on("GET /api/nodes", 200, "{\"nodes\":[]}");
        assertThat(run("node", "list").out()).contains("No nodes.");
        assertThat(server.requests.getLast().header("Authorization")).isEqualTo("Bearer local-token");
        assertThat(run("node", "list", "--url", server.url() + "/").exit()).isZero();
        assertThat(server.requests.getLast().header("Authorization")).isEqualTo("Bearer local-token");
    }

    @Test
    void the_token_of_this_machine_is_not_sent_elsewhere() throws IOException {
        environment.remove("PRESSLUFT_TOKEN");
        Files.writeString(data.resolve("instance.json"), "{\"url\":\"http://127.0.0.1:1\",\"pid\":1}");
        Files.writeString(data.resolve("operator.token"), "local-token\n");
        server.on("GET /api/nodes", 200, "{\"nodes\":[]}");
        assertThat(run("node", "list").exit()).isZero();
        assertThat(server.requests.getLast().header("Authorization")).isEmpty();
    }

    @Test
    void names_are_looked_up_and_deletion_carries_its_confirmation() {
        server.on("GET /api/sites", 200, "{\"sites\":[%s]}".formatted(SITE))
                .on("DELETE /api/sites/site_aaaaaaaaaaaa", 202, "{\"site\":%s,\"job\":%s}".formatted(SITE, DONE))
                .on(JOB, 200, DONE);
        assertThat(run("site", "delete", "blog", "--confirm", "blog").exit()).isZero();
        assertThat(server.received("DELETE", "/api/sites/site_aaaaaaaaaaaa")
                        .getFirst()
                        .body())
                .isEqualTo("{\"confirm\":\"blog\"}");
        Ran unknown = run("site", "show", "nothing");
        assertThat(unknown.exit()).isEqualTo(3);
        assertThat(unknown.err()).contains("site_not_found");
    }

    @Test
    void an_environment_is_found_by_its_sites_slug_for_a_login_link() {
        server.on(
                        "GET /api/sites",
                        200,
                        "{\"sites\":[{\"id\":\"site_aaaaaaaaaaaa\",\"slug\":\"blog\",\"environments\":"
                                + "[{\"id\":\"env_aaaaaaaa\",\"kind\":\"production\"}]}]}")
                .on(
                        "POST /api/environments/env_aaaaaaaa/login",
                        201,
                        "{\"url\":\"http://blog.localhost:7680/?pressluft_login=t\",\"expiresAt\":\"2026-11-21T00:00:00Z\"}");
        assertThat(run("env", "login", "blog").out()).startsWith("http://blog.localhost:7680/?pressluft_login=t\n");
    }

    @Test
    void a_node_that_is_not_ready_shows_its_checks_and_exits_with_1() {
        server.on("GET /api/nodes/node_aaaaaaaaaaaa", 200, "{\"id\":\"node_aaaaaaaaaaaa\"}")
                .on(
                        "GET /api/nodes/node_aaaaaaaaaaaa/readiness?refresh=true",
                        200,
                        "{\"ready\":false,\"observedAt\":\"2026-11-21T00:00:00Z\",\"checks\":[{\"code\":\"agent_offline\","
                                + "\"status\":\"failed\",\"seen\":\"silent for 40 s\",\"remediation\":\"Look at the unit\"}]}");
        Ran ran = run("node", "readiness", "node_aaaaaaaaaaaa", "--refresh");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out())
                .contains("agent_offline")
                .contains("silent for 40 s")
                .contains("Look at the unit");
    }

    @Test
    void a_log_keeps_its_lines_and_loses_its_escapes() {
        server.on("GET /api/jobs/job_aaaaaaaaaaaa/log", text(200, "text/plain", "one\n\ttwo \u001b[1m\nthree"));
        assertThat(run("job", "log", "job_aaaaaaaaaaaa").out()).isEqualTo("one\n\ttwo \\u001b[1m\nthree\n");
    }

    @Test
    void wait_is_the_default_and_can_be_said() {
        server.on("POST /api/sites", 202, "{\"site\":%s,\"job\":%s}".formatted(SITE, RUNNING))
                .on(JOB, 200, FAILED);
        assertThat(run("site", "create", "blog", "--title", "Blog").exit()).isEqualTo(1);
        assertThat(run("site", "create", "blog", "--title", "Blog", "--wait").exit())
                .isEqualTo(1);
        assertThat(run("site", "create", "blog", "--title", "Blog", "--no-wait").exit())
                .isZero();
    }

    @Test
    void the_server_of_a_finished_instance_is_unreachable() {
        environment.clear();
        environment.put("PRESSLUFT_DATA", data.toString());
        assertThat(run("site", "list").exit()).isEqualTo(4);
    }
}
