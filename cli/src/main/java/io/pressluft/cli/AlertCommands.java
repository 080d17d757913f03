package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "alert",
        description = "What somebody should know of, and whether they were told.",
        synopsisSubcommandLabel = "COMMAND")
final class AlertCommands {
    private final Pressluft root;

    AlertCommands(Pressluft root) {
        this.root = root;
    }

    @Command(name = "list", description = "Open incidents, then the newest that have cleared.")
    int list(@Option(names = "--limit", defaultValue = "50", description = "How many (default: 50).") int limit) {
        JsonObject answer = root.api().get("/api/alerts?limit=" + limit);
        if (root.output().json()) {
            root.output().result(answer);
            return Exit.OK;
        }
        root.output()
                .table(
                        List.of("STATE", "OPENED", "CLEARED", "WHAT", "NOT DELIVERED"),
                        Json.objects(answer, "alerts").stream()
                                .map(alert -> List.of(
                                        Json.text(alert, "state", ""),
                                        Json.text(alert, "openedAt", ""),
                                        Json.text(alert, "clearedAt", ""),
                                        Json.text(alert, "text", ""),
                                        undelivered(alert)))
                                .toList(),
                        "No alerts.");
        return Exit.OK;
    }

    private static String undelivered(JsonObject alert) {
        return String.join(
                ", ",
                Json.objects(alert, "deliveries").stream()
                        .filter(delivery -> !Json.text(delivery, "code", "").isEmpty())
                        .map(delivery -> "%s %s: %s"
                                .formatted(
                                        Json.text(delivery, "channel", ""),
                                        Json.text(delivery, "state", ""),
                                        Json.text(delivery, "code", "")))
                        .toList());
    }

    @Command(
            name = "test",
            description =
                    "Send a test message on every channel that is set; exit code 1 unless it was taken on all of them.")
    int test() {
        JsonObject answer = root.api().post("/api/alerts/test", null);
        List<JsonObject> channels = Json.objects(answer, "channels");
        if (root.output().json()) root.output().result(answer);
        else channels.forEach(this::say);
        boolean failed = channels.stream().anyMatch(one -> outcome(one).equals("failed"));
        boolean delivered = channels.stream().anyMatch(one -> outcome(one).equals("delivered"));
        return delivered && !failed ? Exit.OK : Exit.FAILED;
    }

    private void say(JsonObject one) {
        root.output()
                .say("%s: %s. %s"
                        .formatted(Json.text(one, "channel", ""), outcome(one), Json.text(one, "message", "")));
        root.output().facts("code", Json.text(one, "code"), "what to do", Json.text(one, "remediation"));
    }

    private static String outcome(JsonObject one) {
        return Json.text(one, "outcome", "");
    }
}
