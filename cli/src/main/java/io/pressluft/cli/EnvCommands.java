package io.pressluft.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "env", description = "Environments of sites.", synopsisSubcommandLabel = "COMMAND")
final class EnvCommands {
    private final Pressluft root;

    EnvCommands(Pressluft root) {
        this.root = root;
    }

    @Command(name = "list", description = "The environments of one site, or of all.")
    int list(@Parameters(paramLabel = "SITE", arity = "0..1", description = "Id or slug.") @Nullable String site) {
        Api api = root.api();
        List<JsonObject> environments = new ArrayList<>();
        if (site == null)
            for (JsonObject each : Json.objects(api.get("/api/sites"), "sites"))
                environments.addAll(Json.objects(each, "environments"));
        else {
            String id = Json.text(Find.site(api, site), "id", site);
            environments.addAll(
                    Json.objects(api.get("/api/sites/" + Api.encoded(id) + "/environments"), "environments"));
        }
        if (root.output().json()) {
            var list = new JsonArray();
            environments.forEach(list::add);
            var result = new JsonObject();
            result.add("environments", list);
            root.output().result(result);
            return Exit.OK;
        }
        root.output()
                .table(
                        List.of("ID", "KIND", "STATE", "NODE", "WORDPRESS", "PHP", "URL"),
                        environments.stream()
                                .map(environment -> List.of(
                                        Json.text(environment, "id", ""),
                                        Json.text(environment, "kind", ""),
                                        Json.text(environment, "state", ""),
                                        Json.text(environment, "nodeName", ""),
                                        Json.text(environment, "wordpressVersion", ""),
                                        Json.text(environment, "phpVersion", ""),
                                        Json.text(environment, "url", "")))
                                .toList(),
                        "No environments.");
        return Exit.OK;
    }

    @Command(name = "show", description = "One environment.")
    int show(@Parameters(paramLabel = "ENVIRONMENT", description = "Id, or the slug of a site.") String environment) {
        JsonObject found = Find.environment(root.api(), environment);
        if (root.output().json()) root.output().result(found);
        else describe(root.output(), found);
        return Exit.OK;
    }

    @Command(name = "login", description = "A link that signs in to wp-admin: once, within one minute.")
    int login(@Parameters(paramLabel = "ENVIRONMENT", description = "Id, or the slug of a site.") String environment) {
        Api api = root.api();
        String id = Json.text(Find.environment(api, environment), "id", environment);
        JsonObject link = api.post("/api/environments/" + Api.encoded(id) + "/login", null);
        if (root.output().json()) root.output().result(link);
        else {
            root.output().say(Json.text(link, "url", ""));
            root.output().say("Works once, until " + Json.text(link, "expiresAt", ""));
        }
        return Exit.OK;
    }

    static void describe(Output output, JsonObject environment) {
        output.say(
                "Environment %s (%s)".formatted(Json.text(environment, "id", ""), Json.text(environment, "kind", "")));
        output.facts(
                "state", Json.text(environment, "state"),
                "url", Json.text(environment, "url"),
                "node", Json.text(environment, "nodeName", Json.text(environment, "nodeId", "")),
                "release", Json.text(environment, "release"),
                "wordpress", Json.text(environment, "wordpressVersion"),
                "php", Json.text(environment, "phpVersion"),
                "code", Json.text(environment, "codeMode"),
                "proven", Json.text(environment, "provenAt"));
    }
}
