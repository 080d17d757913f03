package io.pressluft.controlplane.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the servers of instances that were not meant to last (tests, smokes) and whose control plane has died. An instance
 * says so by a file {@code ephemeral} in its data directory; a live one holds the lock beside it.
 */
final class AbandonedInstances {

    private static final Logger log = LoggerFactory.getLogger(AbandonedInstances.class);

    private AbandonedInstances() {}

    /** @param own held by this process, which would lose its lock by looking at it */
    static void end(Path own) {
        for (var server : LeftBehind.servers()) {
            var data = dataDirectoryOf(server.workingDirectory());
            if (data != null
                    && !data.equals(own.toAbsolutePath().normalize())
                    && Files.exists(data.resolve("ephemeral"))
                    && abandoned(data.resolve("lock"))) {
                log.info(
                        "pid={} dataDirectory={} trigger=abandoned",
                        server.process().pid(),
                        data);
                LeftBehind.end(server.process());
            }
        }
    }

    /** PostgreSQL works in {@code <data>/postgresql/data}, Redis in {@code <data>/redis}. */
    private static @org.jspecify.annotations.Nullable Path dataDirectoryOf(Path working) {
        if (working.endsWith("postgresql/data")) {
            return working.resolve("../..").normalize();
        }
        return working.endsWith("redis") ? working.getParent() : null;
    }

    private static boolean abandoned(Path lock) {
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                var held = channel.tryLock()) {
            return held != null;
        } catch (IOException unreadable) {
            return false;
        }
    }
}
