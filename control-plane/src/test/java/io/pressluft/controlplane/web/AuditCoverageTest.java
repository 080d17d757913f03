package io.pressluft.controlplane.web;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.harness.Api;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobWalk;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the API changes is in the audit log, with the name of who asked for it. */
@ControlPlaneTest
class AuditCoverageTest {

    /** What each operation that changes something is called in the log. A new one has to be given a name here. */
    private static final Map<String, String> ACTIONS = new TreeMap<>(Map.ofEntries(
            entry("POST /api/nodes", "node_provision"),
            entry("DELETE /api/nodes/{}", "node_decommission"),
            entry("POST /api/nodes/{}/enrolment-token", "enrolment_token_create"),
            entry("POST /api/sites", "site_create"),
            entry("DELETE /api/sites/{}", "site_delete"),
            entry("POST /api/environments/{}/login", "login_create"),
            entry("POST /api/jobs/{}/cancel", "site_create cancel"),
            entry("POST /api/jobs/{}/resolve", "site_create resolve"),
            entry("POST /api/jobs/{}/retry", "site_create"),
            entry("POST /api/tokens", "token_create"),
            entry("DELETE /api/tokens/{}", "token_delete"),
            entry("POST /api/alerts/test", "alert_test"),
            entry("PUT /api/settings/{}", "setting_change")));

    private final RunningControlPlane app;
    private final Api api;
    private final JobWalk life;
    private String node;

    AuditCoverageTest(RunningControlPlane app) {
        this.app = app;
        this.api = app.api();
        this.life = new JobWalk(app);
    }

    @BeforeEach
    void makeNode() {
        node = app.rows().readyNode();
    }

    @Test
    void every_operation_that_changes_something_has_a_name_in_the_log() {
        assertThat(new Contract()
                        .operations().stream()
                                .filter(operation -> !operation.startsWith("GET "))
                                .toList())
                .containsExactlyInAnyOrderElementsOf(ACTIONS.keySet());
    }

    static Set<String> operations() {
        return ACTIONS.keySet();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void an_operation_leaves_a_line_with_the_name_of_who_asked(String operation) throws InterruptedException {
        var call = prepared(operation);
        int before = lines().size();
        var running = Thread.ofVirtual().start(call);
        var name = ACTIONS.get(operation);
        eventually(
                name + " in the log",
                () -> added(before).stream()
                        .filter(line -> line.actor().equals("admin"))
                        .anyMatch(line ->
                                line.action().equals(name) || (line.action() + " " + line.outcome()).equals(name)));
        unfinished().forEach(job -> api.post("/api/jobs/" + job + "/cancel", ""));
        running.join();
    }

    /** With everything done that the operation needs to find. */
    private Runnable prepared(String operation) {
        return switch (operation) {
            case "POST /api/nodes" ->
                () -> api.post("/api/nodes", "{\"source\": \"local\", \"provider\": \"scripted\"}");
            case "DELETE /api/nodes/{}" -> () -> api.delete("/api/nodes/" + node);
            case "POST /api/nodes/{}/enrolment-token" -> () -> api.post("/api/nodes/" + node + "/enrolment-token", "");
            case "POST /api/sites" -> this::site;
            case "DELETE /api/sites/{}" -> {
                var site = site();
                reject(site.field("job", "id"));
                var confirmed = BodyPublishers.ofString("{\"confirm\": \"shop\"}");
                yield () -> api.send("DELETE", "/api/sites/" + site.field("site", "id"), confirmed);
            }
            case "POST /api/environments/{}/login" -> {
                var site = site();
                finish(site.field("job", "id"));
                var environment = app.rows().environmentOf(site.field("site", "id"));
                yield () -> api.post("/api/environments/" + environment + "/login", "");
            }
            case "POST /api/jobs/{}/cancel" -> onJob(site().field("job", "id"), "cancel");
            case "POST /api/jobs/{}/resolve" -> {
                var job = site().field("job", "id");
                life.dispatch(job, node);
                life.stalled(job);
                yield onJob(job, "resolve");
            }
            case "POST /api/jobs/{}/retry" -> {
                var job = site().field("job", "id");
                reject(job);
                yield onJob(job, "retry");
            }
            case "POST /api/tokens" -> this::token;
            case "DELETE /api/tokens/{}" -> {
                var token = token().field("id");
                yield () -> api.delete("/api/tokens/" + token);
            }
            case "POST /api/alerts/test" -> () -> api.post("/api/alerts/test", "");
            case "PUT /api/settings/{}" ->
                () -> api.put("/api/settings/preview-domain", "{\"value\": \"example.org\"}");
            default -> throw new IllegalArgumentException(operation);
        };
    }

    private Runnable onJob(String job, String action) {
        return () -> api.post("/api/jobs/" + job + "/" + action, "");
    }

    private Api.Answer site() {
        return api.post("/api/sites", "{\"slug\": \"shop\", \"title\": \"A shop\"}");
    }

    private Api.Answer token() {
        return api.post("/api/tokens", "{\"name\": \"audited\"}");
    }

    private void reject(String job) {
        life.dispatch(job, node);
        life.rejected(job, new JobFailure("fenced_off", "A newer job.", "A step", "Look."));
    }

    private void finish(String job) {
        life.dispatch(job, node);
        life.running(job);
        life.verifying(job, Map.of("wordpress_version", "6.9", "php_version", "8.3"));
        life.decide(job, Optional.empty());
        life.succeeded(job);
    }

    /** Whoever asked for a login link waits for its job, which no agent takes here. */
    private Set<String> unfinished() {
        return app
                .jdbc()
                .sql("SELECT id FROM job WHERE state = 'queued' AND type = 'login_create'")
                .query(String.class)
                .list()
                .stream()
                .collect(Collectors.toSet());
    }

    private List<AuditLog.Entry> lines() {
        return app.bean(AuditLog.class).newest(200);
    }

    private List<AuditLog.Entry> added(int before) {
        var all = lines();
        return all.subList(0, all.size() - before);
    }
}
