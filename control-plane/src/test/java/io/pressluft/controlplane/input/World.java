package io.pressluft.controlplane.input;

import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobWalk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What there is to be damaged: nodes, a live site, a finished and a failed job, a token, a setting. */
final class World {

    private static final List<String> WATCHED = List.of(
            "SELECT id, name, source, provider, web_stack, memory_mb, cpus FROM node",
            "SELECT id, slug, title, state FROM site",
            "SELECT id, site_id, node_id, state, hostname, admin_user FROM environment",
            "SELECT id, type, state, payload FROM job",
            "SELECT site_id, token FROM fence",
            "SELECT id, name FROM api_token",
            "SELECT id, name, email, password_hash FROM app_user",
            "SELECT key, value, updated_at FROM setting",
            "SELECT name FROM secret",
            // A refused sign-in is written down; nothing else that is refused is.
            "SELECT id, action, target, outcome FROM audit_entry WHERE action <> 'sign_in'");

    private static final String EVERYTHING = WATCHED.stream()
            .map(query -> "SELECT r::text AS line FROM (" + query + ") r")
            .collect(Collectors.joining(" UNION ALL ", "SELECT string_agg(line, E'\n' ORDER BY line) FROM (", ") l"));

    private final RunningControlPlane app;
    private final Map<String, String> samples = new TreeMap<>();
    private final Map<String, String> ids = new TreeMap<>();

    World(RunningControlPlane app) {
        this.app = app;
        var api = app.api();
        var busy = lastingNode();
        var made = api.post("/api/sites", "{\"slug\": \"live\", \"title\": \"A live site\"}");
        var site = made.field("site", "id");
        var done = made.field("job", "id");
        finish(done, busy);
        var life = new JobWalk(app);
        var failed = creation("broken");
        life.dispatch(failed, busy);
        life.rejected(failed, new JobFailure("fenced_off", "A newer job.", "A step", "Look."));
        var silent = creation("silent");
        life.dispatch(silent, busy);
        life.stalled(silent);
        api.put("/api/settings/preview-domain", "{\"value\": \"before.example.org\"}");
        ids.put("nodeId", lastingNode());
        ids.put("siteId", site);
        ids.put("environmentId", app.rows().environmentOf(site));
        ids.put("jobId", done);
        ids.put("retryJob", failed);
        ids.put("cancelJob", creation("waiting"));
        ids.put("resolveJob", silent);
        ids.put("tokenId", api.post("/api/tokens", "{\"name\": \"kept\"}").field("id"));
        ids.put("settingKey", "preview-domain");
        ids.put("settingGroup", "instance");
        samples.put("slug", "fresh");
        samples.put("title", "A title");
        samples.put("confirm", "live");
        samples.put("name", "legal");
        samples.put("source", "local");
        samples.put("provider", "scripted");
        samples.put("value", "after.example.org");
    }

    /** Ready until the last of thousands of requests, however slow the machine is: none is refused for the node's silence. */
    private String lastingNode() {
        var id = app.rows().readyNode();
        for (var lasting : List.of(
                "UPDATE node SET last_heartbeat_at = now() + interval '1 day' WHERE id = :id",
                "UPDATE readiness_observation SET observed_at = now() + interval '1 day' WHERE node_id = :id")) {
            app.jdbc().sql(lasting).param("id", id).update();
        }
        return id;
    }

    /** @return the job that creates a site of this name */
    private String creation(String slug) {
        return app.api()
                .post("/api/sites", "{\"slug\": \"%s\", \"title\": \"A site\"}".formatted(slug))
                .field("job", "id");
    }

    private void finish(String job, String node) {
        var life = new JobWalk(app);
        life.dispatch(job, node);
        life.running(job);
        life.verifying(job, Map.of("wordpress_version", "6.9", "php_version", "8.3"));
        life.decide(job, Optional.empty());
        life.succeeded(job);
    }

    /** Everything that a refused request may not change, as text. */
    String snapshot() {
        return app.jdbc().sql(EVERYTHING).query(String.class).single();
    }

    Wire wire() {
        return new Wire(app.instance().httpPort());
    }

    String token() {
        return app.operatorToken();
    }

    String id(String parameter) {
        return ids.getOrDefault(parameter, "unknown");
    }

    /** A request that nothing is wrong with, with the operator's token. */
    Request legal(Operation operation) {
        return addressed(operation, filled(operation));
    }

    /** The same at another address. */
    Request addressed(Operation operation, String target) {
        var request = Request.of(operation.method(), target).with("Authorization", "Bearer " + app.operatorToken());
        return operation.hasBody() ? request.json(body(operation, "", "")) : request;
    }

    String filled(Operation operation) {
        var target = operation.path();
        for (var input : operation.inputs("path")) {
            var name = ids.containsKey(operation.id()) ? operation.id() : input.name();
            target = target.replace("{" + input.name() + "}", id(name));
        }
        return target;
    }

    /** The required fields with legal values, and {@code field} as given; with a field of a server, all that is for one. */
    String body(Operation operation, String field, String json) {
        var members = new TreeMap<String, String>();
        for (var name : operation.required()) {
            members.put(name, Request.quoted(samples.getOrDefault(name, "x")));
        }
        if (Servers.FIELDS.contains(field) && operation.id().equals("createNode")) {
            Servers.LEGAL.forEach((name, value) -> members.put(name, Request.quoted(value)));
        }
        if (!field.isEmpty()) {
            members.put(field, json);
        }
        return members.entrySet().stream()
                .map(member -> Request.quoted(member.getKey()) + ": " + member.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
