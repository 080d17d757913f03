package io.pressluft.controlplane.harness;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pressluft.controlplane.embedded.EmbeddedServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The PostgreSQL and Redis of this JVM's tests, in a directory that goes with them. */
public final class TestServers implements AutoCloseable {

    private static final String PREFIX = "pressluft-tests-";

    private final Path directory;
    private final EmbeddedServers servers;

    TestServers() {
        this(false);
    }

    private TestServers(boolean durable) {
        try {
            removeLeftovers();
            directory =
                    Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
            servers = EmbeddedServers.start(directory, true, true);
            if (!durable) {
                // Tests need no commit to survive the machine; the rest is as in production.
                JdbcClient.create(database("postgres"))
                        .sql("ALTER DATABASE postgres SET synchronous_commit = off")
                        .update();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Servers whose commits survive the machine, as in production. The caller closes them. */
    public static TestServers durable() {
        return new TestServers(true);
    }

    Path directory() {
        return directory;
    }

    Map<String, Object> properties() {
        return new TreeMap<>(servers.properties());
    }

    /** A database of its own, with every migration applied. */
    public DataSource freshDatabase(String name) {
        return migrated(new SingleConnectionDataSource(connection(created(name)), true));
    }

    /** The same behind a pool of {@code size} connections. The caller closes it. */
    public HikariDataSource freshPool(String name, int size) {
        var settings = new HikariConfig();
        settings.setDataSource(created(name));
        settings.setMaximumPoolSize(size);
        return migrated(new HikariDataSource(settings));
    }

    private DataSource created(String name) {
        var all = JdbcClient.create(database("postgres"));
        all.sql("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)").update();
        all.sql("CREATE DATABASE " + name).update();
        return database(name);
    }

    private static <T extends DataSource> T migrated(T fresh) {
        Flyway.configure().dataSource(fresh).load().migrate();
        return fresh;
    }

    /** An empty database for an application of its own, as the properties that lead there. */
    Map<String, Object> emptyDatabase(String name) {
        var all = JdbcClient.create(database("postgres"));
        all.sql("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)").update();
        all.sql("CREATE DATABASE " + name).update();
        all.sql("ALTER DATABASE " + name + " SET synchronous_commit = off").update();
        return Map.of("spring.datasource.url", address(name));
    }

    private String address(String name) {
        return String.valueOf(servers.properties().get("spring.datasource.url")).replaceFirst("/[a-z]+$", "/" + name);
    }

    private static Connection connection(DataSource source) {
        try {
            return source.getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private DataSource database(String name) {
        var properties = servers.properties();
        var source = new PGSimpleDataSource();
        source.setUrl(address(name));
        source.setUser(String.valueOf(properties.get("spring.datasource.username")));
        source.setPassword(String.valueOf(properties.get("spring.datasource.password")));
        return source;
    }

    @Override
    public void close() throws IOException {
        servers.close();
        delete(directory);
    }

    /** Ends the servers and deletes the directories of test runs that were killed. */
    private static void removeLeftovers() throws IOException {
        try (var all = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), PREFIX + "*")) {
            for (var left : all) {
                var pid = left.getFileName().toString().split("-")[2];
                if (pid.matches("[0-9]{1,7}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    EmbeddedServers.endLeftBehind(left);
                    delete(left);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var everything = Files.walk(directory)) {
            for (var path : everything.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
