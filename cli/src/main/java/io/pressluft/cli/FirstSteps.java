package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From an empty control plane to a node and a site, by explicit requests; from a used one, back to where it was. */
final class FirstSteps {
    private static final Set<String> NODE_GONE = Set.of("decommissioned", "draining");
    private static final Set<String> SITE_GONE = Set.of("deleted", "deleting");
    private static final Duration RETURN = Duration.ofMinutes(3);

    private final Pressluft root;
    private final Keeper keeper;
    private final Api api;

    FirstSteps(Pressluft root, Keeper keeper, Api api) {
        this.root = root;
        this.keeper = keeper;
        this.api = api;
    }

    List<JsonObject> nodes() {
        return Json.objects(api.get("/api/nodes"), "nodes").stream()
                .filter(node -> !NODE_GONE.contains(Json.text(node, "state", "")))
                .toList();
    }

    List<JsonObject> sites() {
        return Json.objects(api.get("/api/sites"), "sites").stream()
                .filter(site -> !SITE_GONE.contains(Json.text(site, "state", "")))
                .toList();
    }

    /** Asks for a local node when there is none; finishes what an earlier run began. */
    void ensureNode() {
        List<JsonObject> nodes = nodes();
        if (nodes.isEmpty()) {
            var body = new JsonObject();
            body.addProperty("source", "local");
            body.addProperty("provider", "nspawn");
            keeper.say("There is no node yet: asking for one (source local, provider nspawn)");
            require(Json.object(api.post("/api/nodes", body), "job"));
        } else {
            resume("nodeId", nodes, Set.of("acquiring", "provisioning"), "ready");
        }
    }

    void ensureSite(String slug, String title) {
        List<JsonObject> sites = sites();
        if (sites.isEmpty()) {
            var body = new JsonObject();
            body.addProperty("slug", slug);
            body.addProperty("title", title);
            keeper.say("There is no site yet: asking for %s (\"%s\")".formatted(slug, title));
            require(Json.object(api.post("/api/sites", body), "job"));
        } else {
            resume("siteId", sites, Set.of("creating"), "active");
        }
    }

    /** Follows unfinished creations; when nothing is usable, tries a failed one again. */
    private void resume(String key, List<JsonObject> resources, Set<String> unfinished, String usable) {
        for (JsonObject resource : resources) {
            JsonObject job = unfinished.contains(Json.text(resource, "state", "")) ? newestJob(key, resource) : null;
            if (job == null || JobWatch.terminal(job)) continue;
            keeper.say("%s is still being made: following its job".formatted(name(resource)));
            require(job);
        }
        if (resources.stream().noneMatch(resource -> "failed".equals(Json.text(resource, "state")))) return;
        boolean any = resources.stream().anyMatch(resource -> usable.equals(Json.text(resource, "state")));
        for (JsonObject resource : resources) {
            if (!"failed".equals(Json.text(resource, "state"))) continue;
            JsonObject job = newestJob(key, resource);
            if (any || job == null || !Json.flag(job, "retryable")) {
                keeper.say("Attention: %s is failed; it is left as it is".formatted(name(resource)));
                continue;
            }
            keeper.say("%s is failed: trying its job once more".formatted(name(resource)));
            require(api.post("/api/jobs/" + Api.encoded(Json.text(job, "id", "")) + "/retry", null));
            return;
        }
    }

    private @Nullable JsonObject newestJob(String key, JsonObject resource) {
        String query = "/api/jobs?limit=1&" + key + "=" + Api.encoded(Json.text(resource, "id", ""));
        return Json.objects(api.get(query), "jobs").stream().findFirst().orElse(null);
    }

    private void require(@Nullable JsonObject job) {
        String id = job == null ? "" : Json.text(job, "id", "");
        JsonObject settled = root.follow(api, id);
        if (JobWatch.succeeded(settled)) return;
        root.output().failedJob(settled);
        throw CliException.failed(
                "job_failed",
                "Job %s ended as %s".formatted(id, Json.text(settled, "state", "")),
                "Remove the cause, then run ./pressluft up again: it goes on from here.");
    }

    /** Waits until every node is ready and every site answers; what does not is named. */
    List<String> awaitAll() {
        long giveUp = System.nanoTime() + RETURN.toNanos();
        var preview = new Preview();
        List<String> before = List.of();
        for (int round = 1; ; round++) {
            var missing = new ArrayList<String>();
            List<JsonObject> nodes = nodes();
            for (JsonObject node : nodes)
                if (!Json.flag(node, "ready") && !"failed".equals(Json.text(node, "state")))
                    missing.add("node %s: %s".formatted(name(node), reason(node)));
            if (missing.isEmpty())
                for (JsonObject site : sites())
                    for (JsonObject environment : Json.objects(site, "environments"))
                        if ("active".equals(Json.text(environment, "state"))) {
                            String url = Json.text(environment, "url", "");
                            String complaint = preview.complaint(url);
                            if (!complaint.isEmpty())
                                missing.add("site %s: %s %s".formatted(name(site), url, complaint));
                        }
            if (missing.isEmpty() || System.nanoTime() > giveUp) return missing;
            root.output().live("        waiting for " + missing.getFirst());
            if (round % 10 == 0 && !missing.equals(before)) keeper.say("Waiting for " + String.join("; ", missing));
            if (round % 10 == 0) before = List.copyOf(missing);
            Pause.of(Duration.ofMillis(500));
        }
    }

    private static String reason(JsonObject node) {
        return Json.objects(node, "checks").stream()
                .filter(check -> !"ok".equals(Json.text(check, "status")))
                .findFirst()
                .map(check -> "%s (%s)".formatted(Json.text(check, "code", ""), Json.text(check, "seen", "")))
                .orElse(Json.text(node, "state", "not ready"));
    }

    private static String name(JsonObject resource) {
        return Json.text(resource, "name", Json.text(resource, "slug", Json.text(resource, "id", "")));
    }
}
