package io.pressluft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Existing servers on the command line. */
class RemoteNodeCommandTest {

    private static final String NODE = "{\"id\":\"node_aaaaaaaaaaaa\",\"name\":\"far\",\"state\":\"acquiring\"}";
    private static final String ACCEPTED =
            "{\"node\":" + NODE + ",\"job\":{\"id\":\"job_aaaaaaaaaaaa\",\"type\":\"x\",\"state\":\"queued\"}}";

    @TempDir
    Path directory = Path.of("");

    private FakeControlPlane server = start();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static FakeControlPlane start() {
        try {
            return new FakeControlPlane();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void answers() {
        server.on("POST /api/nodes", 202, ACCEPTED);
        server.on("GET /api/nodes", 200, "{\"nodes\":[" + NODE + "]}");
        server.on("DELETE /api/nodes/node_aaaaaaaaaaaa", 202, ACCEPTED);
        server.on(
                "GET /api/managed-key", 200, "{\"publicKey\":\"ssh-ed25519 AAAA pressluft\",\"command\":\"echo it\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int run(String... arguments) {
        var output = new Output(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                0);
        return new Pressluft(output, Map.of("PRESSLUFT_URL", server.url(), "PRESSLUFT_TOKEN", "secret")).run(arguments);
    }

    private JsonObject sent() {
        return Objects.requireNonNull(
                Json.object(server.received("POST", "/api/nodes").getFirst().body()));
    }

    @Test
    void a_host_is_enough_to_mean_the_provider_ssh() {
        run("node", "create", "--ssh-host", "web.example.org", "--no-wait");
        assertThat(sent().toString())
                .isEqualTo("{\"source\":\"remote\",\"provider\":\"ssh\",\"host\":\"web.example.org\"}");
    }

    @Test
    void a_password_comes_from_a_file_without_its_line_end() throws IOException {
        var file = Files.writeString(directory.resolve("password"), "o'nce {{ x }}\n");
        run(
                "node",
                "create",
                "--ssh-host",
                "web",
                "--ssh-user",
                "admin",
                "--password-file",
                file.toString(),
                "--no-wait");
        assertThat(Json.text(sent(), "oneTimePassword")).isEqualTo("o'nce {{ x }}");
    }

    @Test
    void a_password_file_that_is_not_there_is_wrong_usage() {
        assertThat(run("node", "create", "--ssh-host", "web", "--password-file", "/does/not/exist"))
                .isEqualTo(2);
    }

    @Test
    void a_password_cannot_be_asked_for_without_a_terminal() {
        assertThat(run("node", "create", "--ssh-host", "web", "--ask-password")).isEqualTo(2);
    }

    @Test
    void the_key_is_shown_with_what_to_run() {
        run("node", "key");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("ssh-ed25519 AAAA pressluft", "echo it");
    }

    @Test
    void a_node_is_abandoned_only_when_that_is_said() {
        run("node", "delete", "far", "--no-wait");
        run("node", "delete", "far", "--abandon", "--no-wait");
        assertThat(server.requests.stream()
                        .filter(request -> request.method().equals("DELETE"))
                        .map(FakeControlPlane.Request::path))
                .containsExactly("/api/nodes/node_aaaaaaaaaaaa", "/api/nodes/node_aaaaaaaaaaaa?abandon=true");
    }
}
