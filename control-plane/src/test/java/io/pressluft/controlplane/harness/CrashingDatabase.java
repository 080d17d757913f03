package io.pressluft.controlplane.harness;

import io.pressluft.controlplane.embedded.EmbeddedServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A PostgreSQL of its own, with the settings of production, whose processes a test may kill. */
public final class CrashingDatabase implements AutoCloseable {

    private final EmbeddedServers servers;

    public CrashingDatabase(TestServers beside) {
        try {
            this.servers = EmbeddedServers.start(
                    Files.createDirectories(beside.directory().resolve("crashing")), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, Object> properties() {
        return servers.properties();
    }

    /**
     * One process is killed as by kill -9. The server then ends all others in the same way, recovers from its log and
     * answers again on the same port, as after a crash of the whole. Returns when no process is left.
     */
    public void kill() {
        try (var open = connection().getConnection()) {
            kill(JdbcClient.create(new SingleConnectionDataSource(open, true)));
            while (open.isValid(1)) {
                Thread.onSpinWait();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void kill(JdbcClient jdbc) {
        long process = jdbc.sql("""
                SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                ORDER BY backend_start LIMIT 1
                """).query(Long.class).single();
        boolean killed =
                ProcessHandle.of(process).map(ProcessHandle::destroyForcibly).orElse(false);
        if (!killed) {
            throw new IllegalStateException("process %d could not be killed".formatted(process));
        }
    }

    private PGSimpleDataSource connection() {
        var source = new PGSimpleDataSource();
        source.setUrl(String.valueOf(servers.properties().get("spring.datasource.url")));
        source.setUser(String.valueOf(servers.properties().get("spring.datasource.username")));
        source.setPassword(String.valueOf(servers.properties().get("spring.datasource.password")));
        return source;
    }

    @Override
    public void close() {
        try {
            servers.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
