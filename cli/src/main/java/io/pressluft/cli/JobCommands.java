package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "job", description = "What was asked for and how it went.", synopsisSubcommandLabel = "COMMAND")
final class JobCommands {
    private final Pressluft root;

    JobCommands(Pressluft root) {
        this.root = root;
    }

    @Command(name = "list", description = "The newest jobs.")
    int list(
            @Option(names = "--site", description = "Only of this site (id or slug).") @Nullable String site,
            @Option(names = "--node", description = "Only of this node (id or name).") @Nullable String node,
            @Option(names = "--state", description = "Only in this state.") @Nullable String state,
            @Option(names = "--attention", negatable = true, description = "Only those that wait for somebody.")
                    boolean attention,
            @Option(names = "--limit", defaultValue = "50", description = "How many (default: 50).") int limit) {
        Api api = root.api();
        var query = new ArrayList<String>();
        if (site != null) query.add("siteId=" + Api.encoded(Json.text(Find.site(api, site), "id", site)));
        if (node != null) query.add("nodeId=" + Api.encoded(Json.text(Find.node(api, node), "id", node)));
        if (state != null) query.add("state=" + Api.encoded(state));
        if (attention) query.add("attention=true");
        query.add("limit=" + limit);
        JsonObject answer = api.get("/api/jobs?" + String.join("&", query));
        if (root.output().json()) {
            root.output().result(answer);
            return Exit.OK;
        }
        root.output()
                .table(
                        List.of("ID", "TYPE", "STATE", "TARGET", "CREATED", "FAILURE"),
                        Json.objects(answer, "jobs").stream()
                                .map(job -> List.of(
                                        Json.text(job, "id", ""),
                                        Json.text(job, "type", ""),
                                        Json.text(job, "state", ""),
                                        Json.text(job, "siteId", Json.text(job, "nodeId", "")),
                                        Json.text(job, "createdAt", ""),
                                        failureCode(job)))
                                .toList(),
                        "No jobs.");
        return Exit.OK;
    }

    @Command(name = "show", description = "One job with its steps so far.")
    int show(@Parameters(paramLabel = "JOB") String id) {
        JsonObject job = root.api().get("/api/jobs/" + Api.encoded(id));
        Output output = root.output();
        if (output.json()) {
            output.result(job);
            return Exit.OK;
        }
        output.say("Job " + Json.text(job, "id", ""));
        output.facts(
                "type", Json.text(job, "type"),
                "state", Json.text(job, "state"),
                "site", Json.text(job, "siteId"),
                "environment", Json.text(job, "environmentId"),
                "node", Json.text(job, "nodeId"),
                "stalled", stalled(job),
                "asked by", Json.text(job, "requestedBy"),
                "cancelled by", Json.text(job, "cancelledBy"),
                "attempt", Json.text(job, "attempt"),
                "created", Json.text(job, "createdAt"),
                "settled", Json.text(job, "settledAt"),
                "retry of", Json.text(job, "retryOf"),
                "retried by", Json.text(job, "retriedBy"),
                "begins", Json.text(job, "notBefore"));
        parts(job);
        var progress = new Progress(output);
        for (JsonObject step : Json.objects(job, "steps")) progress.step(step);
        if (JobWatch.terminal(job) && !JobWatch.succeeded(job)) output.failedJob(job);
        return Exit.OK;
    }

    @Command(name = "watch", description = "Follow a job to its end; exit code 1 when it fails.")
    int watch(@Parameters(paramLabel = "JOB") String id) {
        return watched(root.api(), id);
    }

    @Command(name = "log", description = "Everything the tools said.")
    int log(@Parameters(paramLabel = "JOB") String id) {
        String log = root.api().text("/api/jobs/" + Api.encoded(id) + "/log");
        if (root.output().json()) {
            var result = new JsonObject();
            result.addProperty("log", log);
            root.output().result(result);
        } else root.output().text(log);
        return Exit.OK;
    }

    @Command(name = "retry", description = "Try a failed job once more, as a new job.")
    int retry(
            @Parameters(paramLabel = "JOB") String id,
            @Option(names = "--no-wait", negatable = true, description = "Answer as soon as the job exists.")
                    boolean noWait) {
        Api api = root.api();
        JsonObject job = api.post("/api/jobs/" + Api.encoded(id) + "/retry", null);
        String next = Json.text(job, "id", "");
        root.output().say("Job %s (%s)".formatted(next, Json.text(job, "type", "")));
        if (!noWait) return watched(api, next);
        if (root.output().json()) root.output().result(job);
        return Exit.OK;
    }

    @Command(name = "cancel", description = "Have a job end without its change; what it did on a site is undone.")
    int cancel(
            @Parameters(paramLabel = "JOB") String id,
            @Option(names = "--no-wait", negatable = true, description = "Answer as soon as the job is told.")
                    boolean noWait) {
        Api api = root.api();
        JsonObject job = api.post("/api/jobs/" + Api.encoded(id) + "/cancel", null);
        if (!noWait && !JobWatch.terminal(job)) job = root.follow(api, id);
        if (root.output().json()) root.output().result(job);
        else root.output().say("Job %s: %s".formatted(id, Json.text(job, "state", "")));
        return noWait || "cancelled".equals(Json.text(job, "state")) ? Exit.OK : Exit.FAILED;
    }

    @Command(name = "resolve", description = "End a stalled job by hand; its agent lets go of it.")
    int resolve(@Parameters(paramLabel = "JOB") String id) {
        JsonObject job = root.api().post("/api/jobs/" + Api.encoded(id) + "/resolve", null);
        if (root.output().json()) root.output().result(job);
        else root.output().say("Job %s: %s".formatted(id, Json.text(job, "state", "")));
        return Exit.OK;
    }

    private int watched(Api api, String id) {
        JsonObject settled = root.follow(api, id);
        if (root.output().json()) root.output().result(settled);
        else if (JobWatch.succeeded(settled)) root.output().say("Succeeded");
        return root.ended(settled);
    }

    /** A job of one node has none that are shown. */
    private void parts(JsonObject job) {
        List<JsonObject> parts = Json.objects(job, "parts");
        if (parts.isEmpty()) return;
        root.output()
                .table(
                        List.of("PART", "NODE", "ROLE", "STATE"),
                        parts.stream()
                                .map(part -> List.of(
                                        Json.text(part, "part", ""),
                                        Json.text(part, "nodeId", ""),
                                        Json.text(part, "role", ""),
                                        Json.text(part, "state", "")))
                                .toList(),
                        "");
    }

    private static @Nullable String stalled(JsonObject job) {
        String reason = Json.text(job, "stallReason");
        return reason == null
                ? null
                : switch (reason) {
                    case "agent_silent" -> "its agent is silent; the job goes on by itself when the agent is back";
                    case "overdue" ->
                        "it is long past its time, although its agent is there; its end is taken when it comes";
                    case "agent_lost_it" -> "its agent knows nothing of it any more; only job resolve ends it";
                    default -> reason; // a newer control plane knows more
                };
    }

    private static String failureCode(JsonObject job) {
        JsonObject failure = Json.object(job, "failure");
        return failure == null ? "" : Json.text(failure, "code", "");
    }
}
