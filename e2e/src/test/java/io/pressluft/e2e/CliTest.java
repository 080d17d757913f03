package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

@Order(7)
@ExtendWith(OneNode.class)
class CliTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void nodes_are_listed_for_people_and_for_scripts(Pressluft pressluft) {
        var table = cli(pressluft, "node", "list").require();
        assertThat(table.out()).contains("ID", "STATE", "READY", pressluft.nodeId(), "ready");

        var json = JSON.readTree(
                cli(pressluft, "node", "list", "-o", "json").require().out());
        assertThat(json.path("nodes").path(0).path("id").asString()).isEqualTo(pressluft.nodeId());
        assertThat(json.path("nodes").path(0).path("ready").asBoolean()).isTrue();
    }

    @Test
    void a_site_is_created_with_its_progress_shown(Pressluft pressluft) {
        var created = cli(
                        pressluft,
                        "site",
                        "create",
                        "from-the-cli",
                        "--title",
                        "Grüße aus der Zeile",
                        "--node",
                        pressluft.nodeId())
                .require();
        assertThat(created.out() + created.err())
                .contains("Create the Linux user", "Install WordPress", "Prove the front page")
                .contains("http://from-the-cli.localhost:" + pressluft.previewPort());
        var shown = JSON.readTree(cli(pressluft, "-o", "json", "site", "show", "from-the-cli")
                .require()
                .out());
        assertThat(shown.path("state").asString()).isEqualTo("active");
        assertThat(shown.path("title").asString()).isEqualTo("Grüße aus der Zeile");

        var taken = cli(pressluft, "site", "create", "from-the-cli", "--title", "Again");
        assertThat(taken.exit()).as("refused").isEqualTo(3);
        assertThat(taken.err()).contains("slug_taken");
    }

    @Test
    void the_exit_code_says_what_happened(Pressluft pressluft) {
        assertThat(cli(pressluft, "site", "no-such-command").exit()).as("usage").isEqualTo(2);
        assertThat(cli(pressluft, "site", "show", "nobody").exit())
                .as("refused")
                .isEqualTo(3);
        assertThat(run(
                                Map.of("PRESSLUFT_URL", "http://127.0.0.1:1", "PRESSLUFT_TOKEN", "none"),
                                PATIENCE,
                                "node",
                                "list")
                        .exit())
                .as("unreachable")
                .isEqualTo(4);
    }

    private static Commands.Result cli(Pressluft pressluft, String... arguments) {
        return cli(pressluft, PATIENCE, arguments);
    }

    static Commands.Result cli(Pressluft pressluft, Duration patience, String... arguments) {
        var api = pressluft.api();
        return run(Map.of("PRESSLUFT_URL", api.base().toString(), "PRESSLUFT_TOKEN", api.token()), patience, arguments);
    }

    private static Commands.Result run(Map<String, String> environment, Duration patience, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dstdin.encoding=UTF-8",
                "-Dsun.jnu.encoding=UTF-8",
                "-jar",
                Path.of(System.getProperty("pressluft.home"), "cli/target/pressluft-cli.jar")
                        .toString()));
        command.addAll(List.of(arguments));
        var whole = new java.util.HashMap<>(environment);
        whole.put("LC_ALL", "C.UTF-8");
        return Commands.run(command, whole, patience);
    }
}
