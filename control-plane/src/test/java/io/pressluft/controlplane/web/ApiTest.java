package io.pressluft.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.Api;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.io.ByteArrayInputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API refuses, and how it says so. */
@ControlPlaneTest
class ApiTest {

    private static final String SITE = "{\"slug\": \"shop\", \"title\": \"A shop\"}";

    private final RunningControlPlane app;
    private final Api api;
    private String node;

    ApiTest(RunningControlPlane app) {
        this.app = app;
        this.api = app.api();
    }

    @BeforeEach
    void makeNode() {
        node = app.rows().readyNode();
    }

    /** A request, and the status and code of its refusal. */
    record Refusal(String method, String path, String body, String type, int status, String code) {
        @Override
        public String toString() {
            var shown = body.length() > 60 ? body.substring(0, 60) + "..." : body;
            return method + " " + path + " " + shown + " is " + status + " " + code;
        }
    }

    static Stream<Refusal> refusals() {
        return Stream.of(
                get("/api/nodes/node_doesnotexist", 404, "node_not_found"),
                get("/api/sites/site_doesnotexist", 404, "site_not_found"),
                get("/api/sites/site_doesnotexist/environments", 404, "site_not_found"),
                get("/api/environments/env_nothere1", 404, "environment_not_found"),
                get("/api/jobs/job_doesnotexist", 404, "job_not_found"),
                get("/api/jobs/job_doesnotexist/log", 404, "job_not_found"),
                get("/api/jobs/job_doesnotexist/events", 404, "job_not_found"),
                get("/api/nothing/here", 404, "not_found"),
                get("/api/jobs?limit=0", 400, "request_invalid"),
                get("/api/jobs?limit=many", 400, "request_invalid"),
                get("/api/jobs?state=dreaming", 400, "request_invalid"),
                get("/api/audit?limit=201", 400, "request_invalid"),
                json("PUT", "/api/settings/no-such-key", "{\"value\": \"x\"}", 404, "setting_not_found"),
                json("PUT", "/api/settings/preview-domain", "{\"value\": \"not a domain\"}", 400, "request_invalid"),
                json("DELETE", "/api/tokens/token_doesnotexist", "", 404, "token_not_found"),
                json("PATCH", "/api/sites", SITE, 405, "method_not_allowed"),
                json("DELETE", "/api/jobs", "", 405, "method_not_allowed"),
                new Refusal("POST", "/api/sites", SITE, "text/plain", 415, "media_type_unsupported"),
                json("POST", "/api/sites", "", 400, "request_invalid"),
                json("POST", "/api/sites", "[]", 400, "request_invalid"),
                json("POST", "/api/sites", "null", 400, "request_invalid"),
                json("POST", "/api/sites", "\"shop\"", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\": \"shop\"", 400, "request_invalid"),
                json("POST", "/api/sites", SITE + " {}", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\":\"a1\",\"slug\":\"b1\",\"title\":\"t\"}", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\": \"shop\", \"title\": \"t\", \"x\": 1}", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\": 5, \"title\": \"t\"}", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\": \"shop\", \"title\": true}", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\": \"shop\", \"title\": [\"t\"]}", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\": \"Shop\", \"title\": \"t\"}", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\": \"www\", \"title\": \"t\"}", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\": \"shop\", \"title\": \"a\\u0000b\"}", 400, "request_invalid"),
                json("POST", "/api/sites", "{\"slug\": \"shop\", \"title\": \"\"}", 400, "request_invalid"),
                json("POST", "/api/nodes", "{\"provider\": \"scripted\"}", 400, "request_invalid"),
                json("POST", "/api/nodes", "{\"source\": \"local\"}", 400, "request_invalid"),
                json("POST", "/api/nodes", "{\"source\":\"local\",\"provider\":\"other\"}", 400, "request_invalid"),
                json("POST", "/api/nodes", "{\"source\":\"remote\",\"provider\":\"scripted\"}", 400, "request_invalid"),
                json("POST", "/api/nodes", node("\"memoryMb\": \"2048\""), 400, "request_invalid"),
                json("POST", "/api/nodes", node("\"memoryMb\": 2048.5"), 400, "request_invalid"),
                json("POST", "/api/nodes", node("\"memoryMb\": 100"), 400, "request_invalid"),
                json("POST", "/api/nodes", node("\"memoryMb\": 99999999999"), 400, "request_invalid"),
                json("POST", "/api/nodes", node("\"cpus\": \"two\""), 400, "request_invalid"),
                json("POST", "/api/nodes", node("\"webStack\": \"apache\""), 400, "request_invalid"),
                json("POST", "/api/tokens", "{}", 400, "request_invalid"),
                json(
                        "POST",
                        "/api/sites",
                        "{\"slug\": \"shop\", \"title\": \"" + "x".repeat(70_000) + "\"}",
                        413,
                        "request_too_large"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_refusal_has_its_status_and_code(Refusal expected) {
        var answer = send(api, expected);
        assertThat(answer.status() + " " + answer.field("code")).isEqualTo(expected.status() + " " + expected.code());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_refusal_has_the_one_shape(Refusal expected) {
        assertThat(send(api, expected).json().propertyNames())
                .containsExactlyInAnyOrder("code", "message", "details", "remediation");
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_stranger_is_told_to_sign_in_and_nothing_else(Refusal expected) {
        assertThat(send(app.stranger(), expected).field("code"))
                .isEqualTo(expected.method().equals("GET") ? "unauthenticated" : "forbidden");
    }

    @Test
    void a_body_that_does_not_say_its_length_is_limited_too() {
        var site = SITE.getBytes(StandardCharsets.UTF_8);
        var answer = api.send(
                "POST",
                "/api/sites",
                BodyPublishers.ofInputStream(() -> new SequenceInputStream(
                        new ByteArrayInputStream(" ".repeat(70_000).getBytes(StandardCharsets.UTF_8)),
                        new ByteArrayInputStream(site))));
        assertThat(answer.field("code")).isEqualTo("request_too_large");
    }

    @Test
    void every_wrong_field_is_named() {
        assertThat(api.post("/api/sites", "{\"slug\": \"Shop\", \"title\": \"\"}")
                        .json()
                        .path("details")
                        .valueStream()
                        .map(detail -> detail.path("field").asString("")))
                .containsExactly("slug", "title");
    }

    @Test
    void an_unknown_field_is_named() {
        assertThat(api.post("/api/sites", "{\"slug\": \"shop\", \"title\": \"t\", \"colour\": 1}")
                        .json()
                        .path("details")
                        .path(0)
                        .path("field")
                        .asString(""))
                .isEqualTo("colour");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plft_0000", "nothing", "plft_", "plft_\u00e4"})
    void an_unknown_token_is_not_signed_in(String token) {
        assertThat(app.stranger()
                        .get("/api/sites", "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void an_unknown_token_does_not_get_past_csrf_either() {
        assertThat(app.stranger()
                        .post("/api/sites", SITE, "Authorization", "Bearer plft_0000")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_deleted_token_is_not_signed_in() {
        var fresh = api.post("/api/tokens", "{\"name\": \"short-lived\"}").json();
        api.delete("/api/tokens/" + fresh.path("id").asString(""));
        assertThat(app.stranger()
                        .get(
                                "/api/sites",
                                "Authorization",
                                "Bearer " + fresh.path("token").asString(""))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_token_is_shown_once() {
        var fresh = api.post("/api/tokens", "{\"name\": \"secret-one\"}").field("token");
        assertThat(api.get("/api/tokens").text()).doesNotContain(fresh);
    }

    @Test
    void a_token_is_stored_as_a_hash_only() {
        var fresh = api.post("/api/tokens", "{\"name\": \"hashed\"}").field("token");
        assertThat(app.jdbc()
                        .sql("SELECT count(*) FROM api_token t WHERE t::text LIKE '%' || :token || '%'")
                        .param("token", fresh)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void a_request_for_a_site_is_accepted_with_site_and_job() {
        var answer = api.post("/api/sites", SITE);
        assertThat(answer.status() + " " + answer.field("job", "type")).isEqualTo("202 site_create");
    }

    @Test
    void a_repeat_with_the_same_key_answers_the_same_job() {
        var first = api.post("/api/sites", SITE, "Idempotency-Key", "abc").field("job", "id");
        assertThat(api.post("/api/sites", SITE, "Idempotency-Key", "abc").field("job", "id"))
                .isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", ""})
    void a_malformed_idempotency_key_is_refused(String key) {
        assertThat(api.post("/api/sites", SITE, "Idempotency-Key", key).status())
                .isEqualTo(400);
    }

    @Test
    void an_idempotency_key_that_is_too_long_is_refused() {
        assertThat(api.post("/api/sites", SITE, "Idempotency-Key", "k".repeat(101))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_slug_in_use_is_refused() {
        api.post("/api/sites", SITE);
        assertThat(api.post("/api/sites", SITE).field("code")).isEqualTo("slug_taken");
    }

    @Test
    void a_node_that_carries_a_site_is_not_decommissioned() {
        api.post("/api/sites", SITE);
        assertThat(api.delete("/api/nodes/" + node).field("code")).isEqualTo("node_has_sites");
    }

    @Test
    void a_site_is_deleted_only_after_its_slug_was_typed() {
        var site = api.post("/api/sites", SITE).field("site", "id");
        assertThat(api.send("DELETE", "/api/sites/" + site, BodyPublishers.ofString("{\"confirm\": \"other\"}"))
                        .field("code"))
                .isEqualTo("request_invalid");
    }

    @Test
    void a_login_link_of_a_site_that_is_not_active_is_refused() {
        var environment = api.post("/api/sites", SITE)
                .json()
                .path("site")
                .path("environments")
                .path(0)
                .path("id")
                .asString("");
        assertThat(api.post("/api/environments/" + environment + "/login", "").field("code"))
                .isEqualTo("site_not_active");
    }

    @Test
    void a_running_job_is_not_retried() {
        var job = api.post("/api/sites", SITE).field("job", "id");
        assertThat(api.post("/api/jobs/" + job + "/retry", "").field("code")).isEqualTo("job_not_retryable");
    }

    @Test
    void the_health_endpoint_needs_no_sign_in() {
        assertThat(app.stranger().get("/health").status()).isEqualTo(200);
    }

    @Test
    void metrics_need_a_sign_in() {
        assertThat(app.stranger().get("/metrics").status()).isEqualTo(401);
    }

    @Test
    void metrics_are_in_the_format_of_prometheus() {
        assertThat(api.get("/metrics", "Accept", "text/plain").text()).contains("# TYPE");
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Security-Policy, default-src 'none'",
        "X-Content-Type-Options, nosniff",
        "X-Frame-Options, DENY",
        "Referrer-Policy, same-origin"
    })
    void answers_carry_the_headers_that_protect_a_browser(String header, String value) {
        assertThat(app.stranger().get("/login").response().headers().firstValue(header))
                .hasValueSatisfying(found -> assertThat(found).contains(value));
    }

    private static Api.Answer send(Api as, Refusal wanted) {
        return as.send(
                wanted.method(), wanted.path(), BodyPublishers.ofString(wanted.body()), "Content-Type", wanted.type());
    }

    private static Refusal get(String path, int status, String code) {
        return json("GET", path, "", status, code);
    }

    private static Refusal json(String method, String path, String body, int status, String code) {
        return new Refusal(method, path, body, "application/json", status, code);
    }

    private static String node(String field) {
        return "{\"source\": \"local\", \"provider\": \"scripted\", " + field + "}";
    }
}
