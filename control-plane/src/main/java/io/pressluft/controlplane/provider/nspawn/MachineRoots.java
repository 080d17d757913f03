package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes and removes the root directories of machines. */
final class MachineRoots {

    private static final Duration COPY = Duration.ofMinutes(10);
    private static final Duration STILL_WRITTEN = Duration.ofSeconds(30);

    private final NspawnSettings settings;
    private final HostCommands commands;
    private final Await await;
    private final RandomGenerator random;

    MachineRoots(NspawnSettings settings, HostCommands commands, Await await, RandomGenerator random) {
        this.settings = settings;
        this.commands = commands;
        this.await = await;
        this.random = random;
    }

    /** Does nothing when the root is there; starts over when it was left half made. */
    void make(AcquisitionSpec spec, Path image, HostKey hostKey, Progress progress) {
        MachineDirectory machine = settings.machine(spec.nodeId());
        if (machine.exists()) {
            return;
        }
        try {
            Path partial = Files.createTempDirectory(machine.path(), MachineDirectory.PARTIAL);
            commands.check(
                    COPY,
                    progress::log,
                    List.of(
                            "cp",
                            "-a",
                            "--reflink=auto",
                            "--no-target-directory",
                            image.toString(),
                            partial.toString()));
            new Seed(new RootFiles(partial), spec).identity(hostKey, random);
            Files.move(partial, machine.root(), StandardCopyOption.ATOMIC_MOVE);
            removePartial(machine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything of the machine, in whatever state. */
    void delete(MachineDirectory machine) {
        remove(machine.path());
        settings.machines().toFile().delete();
    }

    private void removePartial(MachineDirectory machine) throws IOException {
        try (DirectoryStream<Path> stale = Files.newDirectoryStream(machine.path(), MachineDirectory.PARTIAL + "*")) {
            stale.forEach(this::remove);
        }
    }

    /** Again and again for a while: the tool of a control plane that was killed may still be writing there. */
    private void remove(Path path) {
        boolean gone = await.until(
                STILL_WRITTEN,
                () -> commands.run(COPY, line -> {}, List.of("rm", "-rf", "--one-file-system", path.toString()))
                        .ok());
        if (!gone) {
            throw new ProviderException(
                    "host_io_failed",
                    "%s cannot be removed.".formatted(path),
                    "See what is mounted or writing below it, then try again.");
        }
    }
}
