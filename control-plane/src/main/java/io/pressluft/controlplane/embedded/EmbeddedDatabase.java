package io.pressluft.controlplane.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** One PostgreSQL server on loopback, fsync on, password required. */
final class EmbeddedDatabase implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    private final EmbeddedPostgres server;
    private final String password;

    private EmbeddedDatabase(EmbeddedPostgres server, String password) {
        this.server = server;
        this.password = password;
    }

    static EmbeddedDatabase start(Path directory, String password) throws IOException {
        LeftBehind.end(directory);
        Files.createDirectories(directory);
        var data = directory.resolve("data");
        var secured = directory.resolve("secured");
        boolean first = !Files.exists(secured);
        var builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                .setCleanDataDirectory(false)
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
        return new EmbeddedDatabase(server, password);
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

    Map<String, Object> properties() {
        return Map.of(
                "spring.datasource.url",
                "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.getPort()),
                "spring.datasource.username",
                "postgres",
                "spring.datasource.password",
                password);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
