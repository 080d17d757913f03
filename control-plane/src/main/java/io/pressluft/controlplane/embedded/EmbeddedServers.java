package io.pressluft.controlplane.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL and Redis as child processes with durable settings. Whichever has a URL configured is not started. One that
 * ends unasked is started again, on the same port.
 *
 * <p>A server that an earlier control plane left running on the same data is ended first.
 */
public final class EmbeddedServers implements AutoCloseable {

    private final Map<String, Object> properties = new TreeMap<>();
    private final @Nullable Guardian database;
    private final @Nullable Guardian broker;

    private EmbeddedServers(@Nullable EmbeddedServer database, @Nullable EmbeddedServer broker) {
        this.database = guarded("PostgreSQL", database);
        this.broker = guarded("Redis", broker);
    }

    private @Nullable Guardian guarded(String name, @Nullable EmbeddedServer server) {
        if (server == null) {
            return null;
        }
        properties.putAll(server.properties());
        return Guardian.of(name, server);
    }

    /** @param data the instance's data directory */
    public static EmbeddedServers start(Path data, boolean withDatabase, boolean withBroker) throws IOException {
        AbandonedInstances.end(data);
        var password = password(data.resolve("embedded.password"));
        var database = withDatabase ? EmbeddedDatabase.start(data.resolve("postgresql"), password) : null;
        var broker = withBroker ? EmbeddedBroker.start(data.resolve("redis"), password) : null;
        return new EmbeddedServers(database, broker);
    }

    /** Ends servers that a control plane left behind when it was killed. */
    public static void endLeftBehind(Path data) throws IOException {
        LeftBehind.end(data.resolve("postgresql"));
        LeftBehind.end(data.resolve("redis"));
    }

    private static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            var fresh = new byte[24];
            new SecureRandom().nextBytes(fresh);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(fresh));
        }
        return Files.readString(file).strip();
    }

    /** Spring properties that point the application at the servers started here. */
    public Map<String, Object> properties() {
        return Map.copyOf(properties);
    }

    @Override
    public void close() throws IOException {
        if (broker != null) {
            broker.end();
        }
        if (database != null) {
            database.end();
        }
    }
}
