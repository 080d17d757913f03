package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Instances for tests: each with an id of its own, all with one cache, which makes repeated runs fast. */
final class TestSettings {

    private TestSettings() {}

    static NspawnSettings of(Path data, boolean ephemeral) throws IOException {
        Files.createDirectories(data);
        String cache = System.getenv("PRESSLUFT_CACHE");
        byte[] id = new byte[4];
        ThreadLocalRandom.current().nextBytes(id);
        return new NspawnSettings(
                HexFormat.of().formatHex(id),
                data,
                cache == null ? repository().resolve(".pressluft/cache") : Path.of(cache),
                List.of(),
                ephemeral);
    }

    static Path key(Path directory) {
        Path key = directory.resolve("key");
        new HostCommands().check("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", key.toString());
        return key;
    }

    /** The kernel takes a machine's interfaces away a moment after its last process. */
    static void awaitGone(NspawnSettings settings) {
        new Await()
                .until(
                        Duration.ofSeconds(5),
                        () -> HostSnapshot.of(settings).interfaces().isEmpty());
    }

    private static Path repository() {
        Path path = Path.of("").toAbsolutePath();
        while (path.getParent() != null && !Files.exists(path.resolve("protocol"))) {
            path = path.getParent();
        }
        return path;
    }
}
