package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = "Start everything on this machine, with a node and a first site, and keep it running.")
final class UpCommand implements Callable<Integer> {
    private static final String SLUG = "first";

    private final Pressluft root;

    @Option(
            names = "--title",
            paramLabel = "TITLE",
            description = "Title of the first site (default: ${DEFAULT-VALUE}).")
    private String title = "First site";

    UpCommand(Pressluft root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        var keeper = new Keeper(root.output(), Pressluft.home(), root.data());
        try {
            Api api = keeper.start(List.of());
            var steps = new FirstSteps(root, keeper, api);
            steps.ensureNode();
            steps.ensureSite(SLUG, title);
            report(keeper, api, steps, steps.awaitAll());
        } catch (CliException e) {
            keeper.failing();
            throw e;
        }
        return keeper.stay();
    }

    private void report(Keeper keeper, Api api, FirstSteps steps, List<String> missing) {
        Output output = root.output();
        List<JsonObject> environments = steps.sites().stream()
                .flatMap(site -> Json.objects(site, "environments").stream())
                .filter(environment -> "active".equals(Json.text(environment, "state")))
                .toList();
        output.say("");
        if (missing.isEmpty()) keeper.say("Ready");
        else {
            keeper.say("Running, but not everything answers:");
            missing.forEach(line -> output.say("  - " + line));
        }
        output.say("");
        for (JsonObject environment : environments) output.facts("preview", Json.text(environment, "url"));
        output.facts("dashboard", api.base() + "/");
        if (!environments.isEmpty() && missing.isEmpty()) {
            output.facts("wp-admin", loginLink(api, environments.getFirst()));
            output.say("                (signs you in, once, within one minute; another: ./pressluft env login %s)"
                    .formatted(Json.text(environments.getFirst(), "id", "")));
        }
        output.say("");
        output.say("Running. Ctrl-C or ./pressluft down stops everything and keeps it for the next time.");
    }

    private String loginLink(Api api, JsonObject environment) {
        try {
            String id = Json.text(environment, "id", "");
            return Json.text(api.post("/api/environments/" + Api.encoded(id) + "/login", null), "url", "");
        } catch (CliException e) {
            return "no link could be made: " + e.sentence();
        }
    }
}
