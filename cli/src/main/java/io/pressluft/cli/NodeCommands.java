package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "node", description = "Machines that carry sites.", synopsisSubcommandLabel = "COMMAND")
final class NodeCommands {
    private final Pressluft root;

    NodeCommands(Pressluft root) {
        this.root = root;
    }

    @Command(name = "create", description = "Acquire and provision a node.")
    int create(
            @Option(names = "--provider", description = "nspawn, or ssh for an existing server.") @Nullable
                    String provider,
            @Option(names = "--source", description = "local or remote; that of the provider unless given.") @Nullable
                    String source,
            @Option(names = "--name", description = "Lower-case letters, digits and hyphens.") @Nullable String name,
            @Option(names = "--memory", paramLabel = "MIB", description = "Memory limit in MiB.") @Nullable
                    Integer memory,
            @Option(names = "--cpus", description = "Processor limit, e.g. 1.5.") @Nullable Double cpus,
            @Mixin ServerOptions server,
            @Option(names = "--no-wait", negatable = true, description = "Answer as soon as the job exists.")
                    boolean noWait) {
        String chosen = provider == null && server.given() ? ServerOptions.PROVIDER : provider;
        if (chosen == null) {
            throw CliException.usage(
                    "provider_missing", "--provider or --ssh-host is missing", "Say where the machine comes from.");
        }
        var body = new JsonObject();
        body.addProperty("source", source == null ? ServerOptions.sourceOf(chosen) : source);
        body.addProperty("provider", chosen);
        if (name != null) body.addProperty("name", name);
        if (memory != null) body.addProperty("memoryMb", memory);
        if (cpus != null) body.addProperty("cpus", cpus);
        server.into(body, root.output());
        Api api = root.api();
        return Accepted.finish(root, api, api.post("/api/nodes", body), "node", "/api/nodes/", noWait);
    }

    @Command(name = "key", description = "The public key that an existing server has to accept.")
    int key() {
        JsonObject key = root.api().get("/api/managed-key");
        if (root.output().json()) root.output().result(key);
        else {
            root.output().say(Json.text(key, "publicKey", ""));
            root.output().say("Run this on the server, as the user that Pressluft is to sign in as:");
            root.output().say("  " + Json.text(key, "command", ""));
        }
        return Exit.OK;
    }

    @Command(name = "list", description = "All nodes.")
    int list() {
        JsonObject answer = root.api().get("/api/nodes");
        if (root.output().json()) {
            root.output().result(answer);
            return Exit.OK;
        }
        List<List<String>> rows = Json.objects(answer, "nodes").stream()
                .map(node -> List.of(
                        Json.text(node, "id", ""),
                        Json.text(node, "name", ""),
                        Json.text(node, "state", ""),
                        Json.flag(node, "ready") ? "yes" : "no",
                        Json.flag(node, "online") ? "online" : "offline",
                        Json.text(node, "provider", ""),
                        Json.text(node, "environments", "0"),
                        Json.text(node, "load", "")))
                .toList();
        root.output()
                .table(
                        List.of("ID", "NAME", "STATE", "READY", "AGENT", "PROVIDER", "ENVIRONMENTS", "LOAD"),
                        rows,
                        "No nodes. Make one: pressluft node create --provider nspawn");
        return Exit.OK;
    }

    @Command(name = "show", description = "One node with its checks.")
    int show(@Parameters(paramLabel = "NODE", description = "Id or name.") String node) {
        JsonObject found = Find.node(root.api(), node);
        Output output = root.output();
        if (output.json()) {
            output.result(found);
            return Exit.OK;
        }
        output.say("Node " + Json.text(found, "name", ""));
        output.facts(
                "id", Json.text(found, "id"),
                "state", Json.text(found, "state"),
                "ready", Json.flag(found, "ready") ? "yes" : "no",
                "agent", Json.flag(found, "online") ? "online" : "offline",
                "version", Json.text(found, "agentVersion"),
                "heartbeat", Json.text(found, "lastHeartbeatAt"),
                "provider", Json.text(found, "provider"),
                "source", Json.text(found, "source"),
                "web stack", Json.text(found, "webStack"),
                "memory", Json.text(found, "memoryMb", "-") + " MiB",
                "cpus", Json.text(found, "cpus"),
                "hostname", Json.text(found, "hostname"),
                "private", Json.text(found, "privateAddress"),
                "public", Json.text(found, "publicAddress"),
                "load", Json.text(found, "load"),
                "environments", Json.text(found, "environments"),
                "created", Json.text(found, "createdAt"));
        JsonObject ssh = Json.object(found, "ssh");
        if (ssh != null) {
            output.facts(
                    "ssh",
                    Json.text(ssh, "user", "") + "@" + Json.text(ssh, "host", "") + " port "
                            + Json.text(ssh, "port", ""),
                    "host key",
                    Json.text(ssh, "fingerprint", "-"));
        }
        checks(found);
        return Exit.OK;
    }

    @Command(name = "readiness", description = "The node's checks; exit code 1 when it is not ready.")
    int readiness(
            @Parameters(paramLabel = "NODE", description = "Id or name.") String node,
            @Option(names = "--refresh", description = "Look at the node now.") boolean refresh) {
        Api api = root.api();
        String id = Json.text(Find.node(api, node), "id", node);
        JsonObject readiness =
                api.get("/api/nodes/" + Api.encoded(id) + "/readiness" + (refresh ? "?refresh=true" : ""));
        boolean ready = Json.flag(readiness, "ready");
        if (root.output().json()) root.output().result(readiness);
        else {
            root.output()
                    .say("Node %s is %s (seen %s)"
                            .formatted(
                                    node, ready ? "ready" : "not ready", Json.text(readiness, "observedAt", "never")));
            checks(readiness);
        }
        return ready ? Exit.OK : Exit.FAILED;
    }

    @Command(
            name = "enrol-token",
            description = "A one-time token for a node whose agent is not let in any more, shown this once.")
    int enrolToken(@Parameters(paramLabel = "NODE", description = "Id or name.") String node) {
        Api api = root.api();
        JsonObject found = Find.node(api, node);
        String id = Json.text(found, "id", node);
        JsonObject token = api.post("/api/nodes/" + Api.encoded(id) + "/enrolment-token", null);
        if (root.output().json()) root.output().result(token);
        else new EnrolmentAdvice(root.output(), root.data().path()).print(found, token);
        return Exit.OK;
    }

    @Command(name = "delete", description = "Decommission a node and give its machine back.")
    int delete(
            @Parameters(paramLabel = "NODE", description = "Id or name.") String node,
            @Option(names = "--abandon", description = "Leave an existing server as it is: it is gone or dead.")
                    boolean abandon,
            @Option(names = "--no-wait", negatable = true, description = "Answer as soon as the job exists.")
                    boolean noWait) {
        Api api = root.api();
        String id = Json.text(Find.node(api, node), "id", node);
        JsonObject answer = api.delete("/api/nodes/" + Api.encoded(id) + (abandon ? "?abandon=true" : ""), null);
        return Accepted.finish(root, api, answer, "node", "/api/nodes/", noWait);
    }

    private void checks(JsonObject holder) {
        for (JsonObject check : Json.objects(holder, "checks")) {
            String status = Json.text(check, "status", "unknown");
            root.output()
                    .say("  %-8s %-24s %s"
                            .formatted(status, Json.text(check, "code", ""), Json.text(check, "seen", "")));
            String remediation = Json.text(check, "remediation", "");
            if (!status.equals("ok") && !remediation.isBlank()) root.output().say("           -> " + remediation);
        }
    }
}
