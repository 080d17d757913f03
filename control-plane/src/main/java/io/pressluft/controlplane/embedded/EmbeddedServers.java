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
 * PostgreSQL and Redis as child processes with durable settings. Whichever has a URL configured is not started.
 *
 * <p>A server that an earlier control plane left running on the same data is ended first.
 */
public final class EmbeddedServers implements AutoCloseable {

    private final @Nullable EmbeddedDatabase database;
    private final @Nullable EmbeddedBroker broker;

    private EmbeddedServers(@Nullable EmbeddedDatabase database, @Nullable EmbeddedBroker broker) {
        this.database = database;
        this.broker = broker;
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
        var properties = new TreeMap<String, Object>();
        if (database != null) {
            properties.putAll(database.properties());
        }
        if (broker != null) {
            properties.putAll(broker.properties());
        }
        return properties;
    }

    @Override
    public void close() throws IOException {
        if (broker != null) {
            broker.close();
        }
        if (database != null) {
            database.close();
        }
    }
}
