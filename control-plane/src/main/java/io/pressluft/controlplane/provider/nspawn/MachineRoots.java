package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes and removes the root directories of machines, and passes packages between them. */
final class MachineRoots {

    private static final Duration COPY = Duration.ofMinutes(10);

    private final NspawnSettings settings;
    private final HostCommands commands;
    private final RandomGenerator random;

    MachineRoots(NspawnSettings settings, HostCommands commands, RandomGenerator random) {
        this.settings = settings;
        this.commands = commands;
        this.random = random;
    }

    /** Does nothing when the root is there; starts over when it was left half made. */
    void make(AcquisitionSpec spec, Path image, HostKey hostKey, PackageCache packages, Progress progress) {
        MachineDirectory machine = settings.machine(spec.nodeId());
        if (machine.exists()) {
            return;
        }
        try {
            remove(machine.partialRoot());
            commands.check(COPY, progress::log, List.of(
                    "cp", "-a", "--reflink=auto", image.toString(), machine.partialRoot().toString()));
            new Seed(new RootFiles(machine.partialRoot()), spec).identity(hostKey, random);
            collect(packages);
            packages.lay(machine.partialRoot());
            Files.move(machine.partialRoot(), machine.root(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything of the machine, in whatever state. */
    void delete(MachineDirectory machine) {
        remove(machine.path());
        settings.machines().toFile().delete();
    }

    /** From all machines of this instance. */
    void collect(PackageCache packages) {
        if (!Files.isDirectory(settings.machines())) {
            return;
        }
        try (DirectoryStream<Path> machines = Files.newDirectoryStream(settings.machines(), "node_*")) {
            for (Path path : machines) {
                packages.collect(new MachineDirectory(path).root());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(Path path) {
        commands.check(COPY, line -> {}, List.of("rm", "-rf", "--one-file-system", path.toString()));
    }
}
