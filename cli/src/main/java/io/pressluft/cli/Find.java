package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.util.List;

/** Resources by the names that people use. An id goes straight to the server; a name is looked up. */
final class Find {
    private Find() {}

    static JsonObject node(Api api, String node) {
        if (node.startsWith("node_")) return api.get("/api/nodes/" + Api.encoded(node));
        return Json.objects(api.get("/api/nodes"), "nodes").stream()
                .filter(candidate -> node.equals(Json.text(candidate, "name")))
                .min(java.util.Comparator.comparing(n -> "decommissioned".equals(Json.text(n, "state"))))
                .orElseThrow(() -> CliException.refused(
                        "node_not_found", "There is no node named %s".formatted(node), "See pressluft node list."));
    }

    static JsonObject site(Api api, String site) {
        if (site.startsWith("site_")) return api.get("/api/sites/" + Api.encoded(site));
        return Json.objects(api.get("/api/sites"), "sites").stream()
                .filter(candidate -> site.equals(Json.text(candidate, "slug")))
                .min(java.util.Comparator.comparing(s -> "deleted".equals(Json.text(s, "state"))))
                .orElseThrow(() -> CliException.refused(
                        "site_not_found", "There is no site named %s".formatted(site), "See pressluft site list."));
    }

    /** An environment by its id, or a site's production environment by its slug. */
    static JsonObject environment(Api api, String name) {
        if (name.startsWith("env_")) return api.get("/api/environments/" + Api.encoded(name));
        List<JsonObject> environments = Json.objects(site(api, name), "environments");
        return environments.stream()
                .filter(environment -> "production".equals(Json.text(environment, "kind")))
                .findFirst()
                .orElseThrow(() -> CliException.refused(
                        "environment_not_found",
                        "Site %s has no production environment".formatted(name),
                        "See pressluft env list %s.".formatted(name)));
    }
}
