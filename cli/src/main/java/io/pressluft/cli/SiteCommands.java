package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "site", description = "WordPress sites.", synopsisSubcommandLabel = "COMMAND")
final class SiteCommands {
    private final Pressluft root;

    SiteCommands(Pressluft root) {
        this.root = root;
    }

    @Command(name = "create", description = "Create a site and prove that it answers.")
    int create(
            @Parameters(paramLabel = "SLUG", description = "Its short name, part of its address.") String slug,
            @Option(names = "--title", required = true, description = "What WordPress calls it.") String title,
            @Option(names = "--node", description = "Id or name (default: the ready node with the lowest load).")
                    @Nullable
                    String node,
            @Option(names = "--admin-user", description = "WordPress administrator (default: admin).") @Nullable
                    String adminUser,
            @Option(names = "--admin-email", description = "The administrator's address.") @Nullable String adminEmail,
            @Option(names = "--locale", description = "Language, e.g. de_DE (default: en_US).") @Nullable String locale,
            @Option(names = "--no-wait", negatable = true, description = "Answer as soon as the job exists.")
                    boolean noWait) {
        Api api = root.api();
        var body = new JsonObject();
        body.addProperty("slug", slug);
        body.addProperty("title", title);
        if (node != null) body.addProperty("nodeId", Json.text(Find.node(api, node), "id", node));
        if (adminUser != null) body.addProperty("adminUser", adminUser);
        if (adminEmail != null) body.addProperty("adminEmail", adminEmail);
        if (locale != null) body.addProperty("locale", locale);
        return Accepted.finish(root, api, api.post("/api/sites", body), "site", "/api/sites/", noWait);
    }

    @Command(name = "list", description = "All sites.")
    int list() {
        JsonObject answer = root.api().get("/api/sites");
        if (root.output().json()) {
            root.output().result(answer);
            return Exit.OK;
        }
        List<List<String>> rows = Json.objects(answer, "sites").stream()
                .map(site -> List.of(
                        Json.text(site, "id", ""),
                        Json.text(site, "slug", ""),
                        Json.text(site, "state", ""),
                        Json.objects(site, "environments").stream()
                                .map(environment -> Json.text(environment, "url", ""))
                                .findFirst()
                                .orElse(""),
                        Text.shortened(Json.text(site, "title", ""), 60)))
                .toList();
        root.output()
                .table(
                        List.of("ID", "SLUG", "STATE", "PREVIEW", "TITLE"),
                        rows,
                        "No sites. Make one: pressluft site create <slug> --title <title>");
        return Exit.OK;
    }

    @Command(name = "show", description = "One site with its environments.")
    int show(@Parameters(paramLabel = "SITE", description = "Id or slug.") String site) {
        JsonObject found = Find.site(root.api(), site);
        Output output = root.output();
        if (output.json()) {
            output.result(found);
            return Exit.OK;
        }
        output.say("Site " + Json.text(found, "slug", ""));
        output.facts(
                "id", Json.text(found, "id"),
                "title", Json.text(found, "title"),
                "state", Json.text(found, "state"),
                "failure", Json.text(found, "failureCode"),
                "created", Json.text(found, "createdAt"));
        for (JsonObject environment : Json.objects(found, "environments")) EnvCommands.describe(output, environment);
        return Exit.OK;
    }

    @Command(name = "delete", description = "Delete a site and everything it has.")
    int delete(
            @Parameters(paramLabel = "SITE", description = "Id or slug.") String site,
            @Option(names = "--confirm", required = true, paramLabel = "SLUG", description = "Its slug once more.")
                    String confirm,
            @Option(names = "--no-wait", negatable = true, description = "Answer as soon as the job exists.")
                    boolean noWait) {
        Api api = root.api();
        String id = Json.text(Find.site(api, site), "id", site);
        var body = new JsonObject();
        body.addProperty("confirm", confirm);
        JsonObject answer = api.delete("/api/sites/" + Api.encoded(id), body);
        return Accepted.finish(root, api, answer, "site", "/api/sites/", noWait);
    }
}
