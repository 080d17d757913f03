package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The playbooks on the node, run by hand as the agent runs them, with the variables of the job that ran them first. */
@Order(6)
@ExtendWith(OneNode.class)
class IdempotenceTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String DIRECTORY = "/var/tmp/pressluft-e2e";

    @Test
    void creating_a_site_again_changes_nothing(Pressluft pressluft) {
        var site = pressluft.quietSite();
        assertChangesNothing(pressluft, "site-create", payload(pressluft, site.jobId()));
        pressluft.assertServes(site);
    }

    @Test
    void deleting_a_site_again_changes_nothing(Pressluft pressluft) {
        var site = pressluft.createSite("Deleted twice");
        var deletion = pressluft
                .api()
                .delete("/api/sites/" + site.id(), Map.of("confirm", site.slug()))
                .require(202)
                .json()
                .path("job")
                .path("id")
                .asString();
        pressluft.api().succeeded(deletion, Pressluft.SITE);
        assertChangesNothing(pressluft, "site-delete", payload(pressluft, deletion));
        assertChangesNothing(pressluft, "site-create-undo", payload(pressluft, site.jobId()));
    }

    @Test
    void check_mode_of_a_new_site_says_what_would_change_and_changes_nothing(Pressluft pressluft) {
        var known = payload(pressluft, pressluft.quietSite().jobId());
        known.put("environment_id", "env_e2echeck");
        known.put("environment_hostname", "e2e-check.localhost");
        var end = play(pressluft.node(), "site-create", known, "--check");
        assertThat(end.path("outcome").asString()).as(end.toString()).isEqualTo("succeeded");
        assertThat(end.path("changed").asInt()).isPositive();
        assertThat(EnvironmentTraces.all(pressluft.node(), "env_e2echeck")).isEmpty();
    }

    @Test
    void provisioning_a_node_again_changes_nothing(Pressluft pressluft) throws IOException {
        assertChangesNothing(pressluft, "node-provision", provisioning(pressluft));
        pressluft.assertServes(pressluft.quietSite());
    }

    @Test
    void narrowing_the_key_again_changes_nothing(Pressluft pressluft) throws IOException {
        var key = Files.readString(pressluft.controlPlane().data().resolve("keys/managed_ed25519.pub"))
                .strip();
        assertChangesNothing(pressluft, "node-narrow", Map.of("node_ssh_public_key", key, "node_ssh_user", "root"));
    }

    private static void assertChangesNothing(Pressluft pressluft, String playbook, Map<String, ?> variables) {
        for (var options : List.of(List.of("--check"), List.<String>of())) {
            var end = play(pressluft.node(), playbook, variables, options.toArray(String[]::new));
            assertThat(end.path("outcome").asString())
                    .as("%s %s: %s", playbook, options, end)
                    .isEqualTo("succeeded");
            assertThat(end.path("changed").asInt())
                    .as("%s %s: %s", playbook, options, end)
                    .isZero();
        }
    }

    /** @return the run's last event, with the steps that changed something or failed added to it */
    private static JsonNode play(NodeShell node, String playbook, Map<String, ?> variables, String... options) {
        node.write(DIRECTORY + "/variables.json", JSON.writeValueAsString(unsafe(variables)));
        node.write(DIRECTORY + "/events.jsonl", "");
        var run = node.script("""
                cd /opt/pressluft-agent/current/ansible
                export PRESSLUFT_EVENTS=%1$s/events.jsonl PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
                ansible-playbook -i localhost, -c local playbooks/%2$s.yml -e @%1$s/variables.json %3$s
                """.formatted(DIRECTORY, playbook, String.join(" ", options)));
        try (Stream<String> lines = Files.lines(node.disk(DIRECTORY + "/events.jsonl"))) {
            var events = lines.map(JSON::readTree).toList();
            var notable = events.stream()
                    .filter(event -> event.path("event").asString().equals("step_finished"))
                    .filter(event -> List.of("changed", "failed")
                            .contains(event.path("outcome").asString()))
                    .toList();
            var end = JSON.createObjectNode();
            end.setAll((tools.jackson.databind.node.ObjectNode) events.getLast());
            end.putPOJO("notable", notable);
            end.put("exit", run.exit());
            if (run.exit() != 0) {
                end.put("output", run.out() + run.err());
            }
            return end;
        } catch (IOException e) {
            throw new AssertionError(run.toString(), e);
        } finally {
            node.run("rm", "-rf", DIRECTORY + "/variables.json").require();
        }
    }

    private static Map<String, Object> payload(Pressluft pressluft, String jobId) {
        var payload = JSON.readTree(pressluft.database().value("SELECT payload::text FROM job WHERE id = ?", jobId));
        var variables = new LinkedHashMap<String, Object>();
        payload.properties()
                .forEach(entry -> variables.put(
                        entry.getKey(),
                        entry.getValue().isString()
                                ? entry.getValue().asString()
                                : entry.getValue().numberValue()));
        variables.put("pressluft_phase", "apply");
        return variables;
    }

    /** As the control plane had them; what it brought over SSH lies on the node's own disk this time. */
    private static Map<String, Object> provisioning(Pressluft pressluft) throws IOException {
        var node = pressluft.node();
        var about = JSON.readTree(
                node.run("cat", "/etc/pressluft-agent/agent.json").require().out());
        var artifacts = cache(pressluft).resolve("artifacts");
        Path wordPress;
        try (Stream<Path> versions = Files.list(artifacts)) {
            wordPress = versions.filter(path -> path.getFileName().toString().startsWith("wordpress-"))
                    .findFirst()
                    .orElseThrow();
        }
        var gateway = about.path("gateway").asString();
        var variables = new LinkedHashMap<String, Object>();
        variables.put("node_id", pressluft.nodeId());
        variables.put("node_web_stack", "nginx");
        variables.put("node_memory_mb", 2048);
        variables.put("node_gateway_address", gateway);
        variables.put(
                "node_gateway_ca_pem",
                node.run("cat", "/etc/pressluft-agent/gateway-ca.pem").require().out());
        variables.put("node_enrolment_token", "not needed by a node that is enrolled");
        variables.put("node_agent_version", System.getProperty("pressluft.version"));
        variables.put(
                "node_agent_archive",
                bring(
                        node,
                        pressluft
                                .controlPlane()
                                .home()
                                .resolve("agent/target/pressluft-agent-%s.tar.gz"
                                        .formatted(System.getProperty("pressluft.version")))));
        variables.put("node_wordpress_archive", bring(node, wordPress.resolve("wordpress.tar.gz")));
        variables.put(
                "node_wordpress_version", wordPress.getFileName().toString().substring("wordpress-".length()));
        variables.put("node_wordpress_sha256", sha256(wordPress.resolve("wordpress.tar.gz")));
        variables.put("node_wp_cli_phar", bring(node, wordPress.resolve("wp-cli.phar")));
        variables.put("node_wp_cli_sha256", sha256(wordPress.resolve("wp-cli.phar")));
        variables.put("node_preview_port", pressluft.previewPort());
        variables.put("node_ssh_sources", List.of(gateway.substring(0, gateway.indexOf(':')) + "/32"));
        return variables;
    }

    private static Path cache(Pressluft pressluft) {
        var chosen = System.getenv("PRESSLUFT_CACHE");
        return chosen == null || chosen.isBlank()
                ? pressluft.controlPlane().home().resolve(".pressluft/cache")
                : Path.of(chosen);
    }

    private static String bring(NodeShell node, Path file) throws IOException {
        var there = DIRECTORY + "/" + file.getFileName();
        Files.createDirectories(node.disk(DIRECTORY));
        Files.copy(file, node.disk(there), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return there;
    }

    private static String sha256(Path file) {
        return Commands.run(List.of("sha256sum", file.toString()))
                .require()
                .out()
                .substring(0, 64);
    }

    /** As both planes mark them: strings are data. */
    private static Object unsafe(Object value) {
        return switch (value) {
            case String text -> Map.of("__ansible_unsafe", text);
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<String, Object>();
                map.forEach((key, one) -> copy.put(String.valueOf(key), unsafe(one)));
                yield copy;
            }
            case List<?> list -> list.stream().map(IdempotenceTest::unsafe).toList();
            case Object other -> other;
        };
    }
}
