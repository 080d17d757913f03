package io.pressluft.controlplane.embedded;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded servers are killed; they come back on the same port with all that was acknowledged. */
class GuardianTest {

    private static final int GUARDIAN_LOOKS = 8;

    @TempDir
    private Path directory;

    private EmbeddedServers servers;

    @BeforeEach
    void start() throws IOException {
        servers = EmbeddedServers.start(directory, true, true);
    }

    @AfterEach
    void stop() throws IOException {
        servers.close();
    }

    @Test
    void a_killed_database_comes_back_with_its_rows() throws SQLException {
        try (var connection = connect(servers.properties())) {
            connection.createStatement().execute("CREATE TABLE kept AS SELECT 42 AS answer");
        }
        kill("postgres");
        eventually("its row is there again", () -> answer() == 42);
    }

    @Test
    void a_killed_broker_comes_back_on_its_port() {
        assertThat(ping()).isEqualTo("+OK");
        kill("redis-server");
        eventually("it answers again", () -> ping().equals("+OK"));
    }

    /** Processes say where they work without symbolic links. */
    @Test
    void a_database_behind_a_symbolic_link_is_left_in_peace() throws IOException {
        var link =
                Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("real")));
        try (var linked = EmbeddedServers.start(link, true, false)) {
            var process = mine("postgres").stream()
                    .map(server -> server.process().pid())
                    .collect(Collectors.toSet());
            eventually("its guardian has looked", new Looks(GUARDIAN_LOOKS)::over);
            assertThat(mine("postgres").stream().map(server -> server.process().pid()))
                    .containsAll(process);
            assertThat(linked.properties()).isNotEmpty();
        }
    }

    /** So many looks of a guardian at its server take less time. */
    private record Looks(long end) {

        Looks(int count) {
            this(System.nanoTime() + count * 250_000_000L);
        }

        boolean over() {
            return System.nanoTime() > end;
        }
    }

    @Test
    void servers_that_were_closed_stay_closed() throws IOException {
        servers.close();
        assertThat(mine("postgres")).isEmpty();
        assertThat(mine("redis-server")).isEmpty();
        start();
    }

    private void kill(String program) {
        var before = mine(program);
        assertThat(before).isNotEmpty();
        before.forEach(server -> server.process().destroyForcibly());
    }

    private List<LeftBehind.Server> mine(String program) {
        return LeftBehind.servers().stream()
                .filter(server -> server.workingDirectory().startsWith(directory))
                .filter(server -> server.process()
                        .info()
                        .command()
                        .map(command -> command.endsWith("/" + program))
                        .orElse(false))
                .toList();
    }

    private int answer() {
        try (var connection = connect(servers.properties());
                var row = connection.createStatement().executeQuery("SELECT answer FROM kept")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException away) {
            return 0;
        }
    }

    private static Connection connect(Map<String, Object> properties) throws SQLException {
        return DriverManager.getConnection(
                String.valueOf(properties.get("spring.datasource.url")),
                String.valueOf(properties.get("spring.datasource.username")),
                String.valueOf(properties.get("spring.datasource.password")));
    }

    private String ping() {
        var address = URI.create(String.valueOf(servers.properties().get("spring.data.redis.url")));
        try (var socket = new Socket(address.getHost(), address.getPort());
                var answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.getOutputStream()
                    .write("AUTH %s\r\n"
                            .formatted(address.getUserInfo().substring(1))
                            .getBytes(StandardCharsets.UTF_8));
            return String.valueOf(answers.readLine());
        } catch (IOException away) {
            return "nobody";
        }
    }
}
