package io.pressluft.cli;

import static io.pressluft.cli.FakeControlPlane.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A server that is broken or hostile cannot steer the terminal, and gets a message and a documented exit code. */
class HostileAnswersTest {
    private static final List<String> COMMANDS = List.of(
            "node list",
            "node show one",
            "node show node_aaaaaaaaaaaa",
            "node readiness node_aaaaaaaaaaaa",
            "site list",
            "site show blog",
            "site show site_aaaaaaaaaaaa",
            "env list",
            "env list site_aaaaaaaaaaaa",
            "env show env_aaaaaaaa",
            "env login env_aaaaaaaa",
            "job list",
            "job show job_aaaaaaaaaaaa",
            "job log job_aaaaaaaaaaaa",
            "alert list",
            "alert test",
            "setting list",
            "setting set smtp-port 25",
            "token list",
            "token create x",
            "token delete x",
            "node key",
            "node enrol-token one",
            "node enrol-token node_aaaaaaaaaaaa",
            "node create --provider nspawn --no-wait",
            "node create --ssh-host x --no-wait",
            "node delete node_aaaaaaaaaaaa --no-wait",
            "site create x --title x --no-wait",
            "site delete site_aaaaaaaaaaaa --confirm x --no-wait",
            "job retry job_aaaaaaaaaaaa --no-wait");

    private static final List<String> PATHS = List.of(
            "/api/nodes",
            "/api/nodes/node_aaaaaaaaaaaa",
            "/api/nodes/node_aaaaaaaaaaaa/readiness",
            "/api/nodes/node_aaaaaaaaaaaa/enrolment-token",
            "/api/managed-key",
            "/api/sites",
            "/api/sites/site_aaaaaaaaaaaa",
            "/api/sites/site_aaaaaaaaaaaa/environments",
            "/api/environments/env_aaaaaaaa",
            "/api/environments/env_aaaaaaaa/login",
            "/api/jobs",
            "/api/jobs/job_aaaaaaaaaaaa",
            "/api/jobs/job_aaaaaaaaaaaa/log",
            "/api/jobs/job_aaaaaaaaaaaa/retry",
            "/api/alerts",
            "/api/alerts/test",
            "/api/settings",
            "/api/settings/smtp-port",
            "/api/tokens",
            "/api/tokens/x");

    private static final AtomicReference<FakeControlPlane.Answer> ANSWER = new AtomicReference<>(json(404, "{}"));
    private static final FakeControlPlane SERVER = start();

    private static final Terminal.Session TERMINAL = new Terminal.Session(
            Map.of("PRESSLUFT_URL", SERVER.url(), "PRESSLUFT_TOKEN", "secret", "PRESSLUFT_DATA", "/nonexistent"));

    private static FakeControlPlane start() {
        try {
            var server = new FakeControlPlane();
            for (String path : PATHS)
                for (String method : List.of("GET", "POST", "PUT", "DELETE"))
                    server.on(method + " " + path, exchange -> ANSWER.get().to(exchange));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @TestFactory
    Stream<DynamicTest> an_answer_is_shown_harmlessly() {
        return answers().entrySet().stream()
                .flatMap(answer -> COMMANDS.stream()
                        .map(command -> test(answer.getKey(), answer.getValue(), command + " -o human")));
    }

    @TestFactory
    Stream<DynamicTest> an_answer_is_printed_harmlessly_for_scripts() {
        var answers = answers();
        return Stream.of("steering texts everywhere", "steering texts in a refusal")
                .flatMap(answer ->
                        COMMANDS.stream().map(command -> test(answer, answers.get(answer), command + " -o json")));
    }

    private static DynamicTest test(String name, FakeControlPlane.Answer answer, String command) {
        return DynamicTest.dynamicTest(command + ": " + name, () -> {
            ANSWER.set(answer);
            var ran = TERMINAL.run(command.split(" "));
            ran.isCalm();
            assertThat(ran.exit()).as("%s", ran).isBetween(Exit.OK, Exit.UNREACHABLE);
        });
    }

    private static Map<String, FakeControlPlane.Answer> answers() {
        var all = new LinkedHashMap<String, FakeControlPlane.Answer>();
        all.put("steering texts everywhere", json(200, everything(true).toString()));
        all.put("steering texts in a refusal", json(409, refusal().toString()));
        all.put("steering texts in a failure", json(500, refusal().toString()));
        all.put("wrong types", json(200, everything(false).toString()));
        all.put("an empty object", json(200, "{}"));
        all.put("an array", json(200, "[]"));
        all.put("null", json(200, "null"));
        all.put("nothing", json(200, ""));
        all.put("half of it", json(200, everything(true).toString().substring(0, 500)));
        all.put("a page", text(200, "text/html", "<html>" + Hostile.STEERING + "</html>"));
        all.put("a page that refuses", text(404, "text/html", "<html>" + Hostile.STEERING + "</html>"));
        all.put("a redirect", text(302, "text/html", Hostile.STEERING));
        all.put("very deep", json(200, "[".repeat(100_000)));
        all.put("deep in a field", json(200, "{\"nodes\":" + "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_001)));
        all.put("a foreign refusal", json(418, "{\"code\":[],\"message\":{},\"details\":7}"));
        return all;
    }

    private static FakeControlPlane.Answer json(int status, String body) {
        return text(status, "application/json", body);
    }

    private static JsonObject refusal() {
        var error = new JsonObject();
        for (String name : List.of("code", "message", "remediation")) error.addProperty(name, Hostile.STEERING);
        var details = new JsonArray();
        details.add(error.deepCopy());
        error.add("details", details);
        return error;
    }

    /** Every field that any command looks at. */
    private static JsonObject everything(boolean texts) {
        var leaf = new JsonObject();
        for (String name : List.of(
                "id",
                "name",
                "slug",
                "title",
                "state",
                "ready",
                "online",
                "provider",
                "environments",
                "load",
                "kind",
                "nodeName",
                "wordpressVersion",
                "phpVersion",
                "url",
                "type",
                "siteId",
                "nodeId",
                "createdAt",
                "settledAt",
                "lastUsedAt",
                "code",
                "status",
                "seen",
                "remediation",
                "message",
                "phase",
                "outcome",
                "ordinal",
                "durationMs",
                "token",
                "expiresAt",
                "observedAt",
                "memoryMb",
                "cpus",
                "release",
                "hostname",
                "publicKey",
                "command",
                "user",
                "host",
                "port",
                "fingerprint",
                "requestedBy")) {
            if (texts) leaf.addProperty(name, Hostile.STEERING);
            else leaf.add(name, new JsonArray());
        }
        var whole = leaf.deepCopy();
        whole.add("failure", leaf.deepCopy());
        whole.add("job", leaf.deepCopy());
        whole.add("site", leaf.deepCopy());
        whole.add("node", leaf.deepCopy());
        whole.add("ssh", leaf.deepCopy());
        for (String list : List.of("nodes", "sites", "environments", "jobs", "tokens", "checks", "steps")) {
            var items = new JsonArray();
            items.add(leaf.deepCopy());
            if (!texts) items.add(7);
            whole.add(list, items);
        }
        return whole;
    }
}
