package io.pressluft.controlplane.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;

/** One PostgreSQL server on loopback, fsync on, password required. */
final class EmbeddedDatabase implements EmbeddedServer {

    private static final Duration START = Duration.ofSeconds(60);
    private static final int ANY_PORT = 0;

    private final EmbeddedPostgres server;
    private final Path directory;
    private final String password;

    private EmbeddedDatabase(EmbeddedPostgres server, Path directory, String password) {
        this.server = server;
        this.directory = directory;
        this.password = password;
    }

    static EmbeddedDatabase start(Path directory, String password) throws IOException {
        return start(directory, password, ANY_PORT);
    }

    private static EmbeddedDatabase start(Path directory, String password, int port) throws IOException {
        LeftBehind.end(directory);
        Files.createDirectories(directory);
        var data = directory.resolve("data");
        var secured = directory.resolve("secured");
        boolean first = !Files.exists(secured);
        var builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                .setCleanDataDirectory(false)
                .setPort(port)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                .setServerConfig("password_encryption", "scram-sha-256");
        if (!first) {
            builder.setConnectConfig("password", password);
        }
        var server = builder.start();
        if (first) {
            secure(server, data, password);
            Files.createFile(secured);
        }
        return new EmbeddedDatabase(server, directory, password);
    }

    /** The first start trusts everyone on loopback; from here on only the password opens the server. */
    private static void secure(EmbeddedPostgres server, Path data, String password) throws IOException {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            // The password is hex digits of our own making.
            statement.execute("ALTER USER postgres PASSWORD '" + password + "'");
            Files.writeString(
                    data.resolve("pg_hba.conf"),
                    "host all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n");
            statement.execute("SELECT pg_reload_conf()");
        } catch (SQLException e) {
            throw new IOException("the embedded PostgreSQL could not be secured", e);
        }
    }

    /**
     * Its first process leaves a file with its number; those that serve connections come and go. Only what is known to be
     * gone is not alive.
     */
    @Override
    public boolean alive() {
        try {
            var pid = Files.readAllLines(directory.resolve("data/postmaster.pid"))
                    .getFirst()
                    .strip();
            // Neither a process that nobody has buried yet nor a stranger with the same number works here.
            return Files.readSymbolicLink(Path.of("/proc", pid, "cwd")).startsWith(directory.toRealPath());
        } catch (NoSuchFileException | NoSuchElementException gone) {
            return false;
        } catch (IOException unknown) {
            return true;
        }
    }

    @Override
    public EmbeddedDatabase again() throws IOException {
        int port = server.getPort();
        server.close(); // lets go of the directory; there is nothing left to stop
        return start(directory, password, port);
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of(
                "spring.datasource.url",
                "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.getPort()),
                "spring.datasource.username",
                "postgres",
                "spring.datasource.password",
                password);
    }

    @Override
    public void stop() throws IOException {
        server.close();
    }
}
