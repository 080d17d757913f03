package io.pressluft.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.Api;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobRecorder;
import io.pressluft.controlplane.job.JobStep;
import io.pressluft.controlplane.job.JobWalk;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Code and contract describe the same API. */
@ControlPlaneTest
class ContractTest {

    private final RunningControlPlane app;
    private final Api api;
    private final Contract contract = new Contract();
    private String node;
    private String site;
    private String environment;
    private String job;

    ContractTest(RunningControlPlane app) {
        this.app = app;
        this.api = app.api();
    }

    /** Everything that an answer may contain is there: a proven site, a failed job with steps, settings, tokens. */
    @BeforeEach
    void fill() {
        node = app.rows().readyNode();
        var created = api.post("/api/sites", "{\"slug\": \"shop\", \"title\": \"A shop\"}");
        site = created.field("site", "id");
        job = created.field("job", "id");
        environment = created.json()
                .path("site")
                .path("environments")
                .path(0)
                .path("id")
                .asString("");
        var life = new JobWalk(app);
        life.dispatch(job, node);
        life.running(job);
        app.bean(JobRecorder.class)
                .step(job, new JobStep(0, 1, "apply", "A step", "failed", Instant.EPOCH, 5L, "disk_full", "No room."));
        life.verifying(job, Map.of("wordpress_version", "6.9", "php_version", "8.3"));
        life.decide(job, Optional.empty());
        life.succeeded(job);
        api.put("/api/settings/preview-domain", "{\"value\": \"example.org\"}");
        incident();
    }

    /** With everything that one can have; no machinery makes it so in a moment. */
    private void incident() {
        app.jdbc().sql("""
                INSERT INTO incident (id, kind, state, most)
                VALUES ('incident_000000000001', 'change_half_made', 'gathering', 2);
                UPDATE incident SET state = 'open', opened_at = now() WHERE id = 'incident_000000000001';
                UPDATE incident SET state = 'cleared', cleared_at = now() WHERE id = 'incident_000000000001';
                INSERT INTO incident_member (incident_id, subject, name, since)
                VALUES ('incident_000000000001', 'job_000000000001', 'job_000000000001 (site_create)', now());
                INSERT INTO alert_delivery (id, incident_id, message, channel, state, notice, code, settled_at)
                VALUES ('delivery_000000000001', 'incident_000000000001', 'opened', 'webhook', 'pending',
                        '{"type": "OPENED", "text": "x", "count": 0, "members": []}', 'alert_unreachable', now())
                """).update();
    }

    @Test
    void a_test_of_the_alerts_is_as_the_contract_says() {
        var answer = api.post("/api/alerts/test", "");
        assertThat(contract.objections("POST", "/api/alerts/test", answer.status(), answer.json()))
                .isEmpty();
    }

    @Test
    void every_operation_of_the_application_is_in_the_contract() {
        assertThat(mapped()).isSubsetOf(contract.operations());
    }

    @Test
    void every_operation_of_the_contract_is_in_the_application() {
        assertThat(contract.operations()).isSubsetOf(mapped());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/nodes",
                "/api/nodes/{nodeId}",
                "/api/nodes/{nodeId}/readiness",
                "/api/managed-key",
                "/api/sites",
                "/api/sites/{siteId}",
                "/api/sites/{siteId}/environments",
                "/api/environments/{environmentId}",
                "/api/jobs",
                "/api/jobs/{jobId}",
                "/api/tokens",
                "/api/audit",
                "/api/settings",
                "/api/alerts",
                "/api/status"
            })
    void an_answer_is_as_the_contract_says(String path) {
        var answer = api.get(filled(path));
        assertThat(contract.objections("GET", path, answer.status(), answer.json()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/nodes/{nodeId}", "/api/sites/{siteId}", "/api/jobs/{jobId}"})
    void a_refusal_is_as_the_contract_says(String path) {
        var answer = api.get(path.replaceAll("\\{.*}", "job_doesnotexist"));
        assertThat(contract.objections("GET", path, answer.status(), answer.json()))
                .isEmpty();
    }

    @Test
    void an_accepted_site_is_as_the_contract_says() {
        var answer = api.post("/api/sites", "{\"slug\": \"second\", \"title\": \"Another\"}");
        assertThat(contract.objections("POST", "/api/sites", answer.status(), answer.json()))
                .isEmpty();
    }

    @Test
    void an_accepted_node_is_as_the_contract_says() {
        var answer = api.post("/api/nodes", "{\"source\": \"local\", \"provider\": \"scripted\"}");
        assertThat(contract.objections("POST", "/api/nodes", answer.status(), answer.json()))
                .isEmpty();
    }

    @Test
    void a_fresh_token_is_as_the_contract_says() {
        var answer = api.post("/api/tokens", "{\"name\": \"contract\"}");
        assertThat(contract.objections("POST", "/api/tokens", answer.status(), answer.json()))
                .isEmpty();
    }

    @Test
    void a_fresh_enrolment_token_is_as_the_contract_says() {
        var path = "/api/nodes/{nodeId}/enrolment-token";
        var answer = api.post(filled(path), "");
        assertThat(contract.objections("POST", path, answer.status(), answer.json()))
                .isEmpty();
    }

    @Test
    void a_changed_setting_is_as_the_contract_says() {
        var answer = api.put("/api/settings/preview-domain", "{\"value\": \"\"}");
        assertThat(contract.objections("PUT", "/api/settings/{settingKey}", answer.status(), answer.json()))
                .isEmpty();
    }

    @Test
    void a_failed_job_is_as_the_contract_says() {
        var failed = api.post("/api/sites", "{\"slug\": \"third\", \"title\": \"Another\"}")
                .field("job", "id");
        new JobWalk(app).dispatch(failed, node);
        new JobWalk(app).rejected(failed, new JobFailure("fenced_off", "A newer job.", "A step", "Look at the jobs."));
        var answer = api.get("/api/jobs/" + failed);
        assertThat(contract.objections("GET", "/api/jobs/{jobId}", answer.status(), answer.json()))
                .isEmpty();
    }

    private Set<String> mapped() {
        var all = new TreeSet<String>();
        app.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> operations(mapping).forEach(all::add));
        return all;
    }

    private static Stream<String> operations(RequestMappingInfo mapping) {
        var methods = mapping.getMethodsCondition().getMethods();
        return mapping.getPatternValues().stream()
                .filter(path -> path.startsWith("/api/"))
                .flatMap(path -> (methods.isEmpty() ? Arrays.stream(RequestMethod.values()) : methods.stream())
                        .map(method -> method + " " + Contract.unnamed(path)));
    }

    private String filled(String path) {
        return path.replace("{nodeId}", node)
                .replace("{siteId}", site)
                .replace("{environmentId}", environment)
                .replace("{jobId}", job);
    }
}
