package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.ProviderException;
import java.nio.file.Path;
import java.time.Duration;

/** Starts machines and ends them. */
final class MachinePower {

    private static final Duration APPEARS = Duration.ofSeconds(10);
    private static final Duration SHUTDOWN = Duration.ofSeconds(30);
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final MachineBoot boot;
    private final Await await;

    MachinePower(MachineBoot boot, Await await) {
        this.boot = boot;
        this.await = await;
    }

    boolean running(Path root) {
        return MachineProcess.of(root).isPresent();
    }

    /** Returns as soon as the machine's process is there. Whatever an earlier start left behind is ended first. */
    void start(MachineDirectory machine, AcquisitionSpec spec) {
        clear(spec.nodeId());
        boot.start(machine, spec);
        if (!await.until(APPEARS, () -> running(machine.root()))) {
            throw new ProviderException(
                    "boot_failed",
                    "The machine of node %s did not start.".formatted(spec.nodeId()),
                    "Read %s, then try again.".formatted(machine.console()));
        }
    }

    /** Cleanly when it listens, by force when it does not; afterwards nothing of it runs. */
    void stop(MachineDirectory machine, String nodeId) {
        MachineProcess.of(machine.root()).ifPresent(process -> {
            process.askToStop();
            await.until(SHUTDOWN, () -> !process.running());
        });
        end(machine, nodeId);
    }

    /** By force at once, for machines that are not wanted any more. */
    void end(MachineDirectory machine, String nodeId) {
        MachineProcess.of(machine.root()).ifPresent(process -> {
            process.kill();
            await.until(AFTER_KILL, () -> !process.running());
        });
        clear(nodeId);
    }

    void clearShared() {
        boot.clearShared();
    }

    boolean controllersReadOnly() {
        return boot.controllersReadOnlyInMachines();
    }

    private void clear(String nodeId) {
        boolean cleared = await.until(AFTER_KILL, () -> {
            boot.stragglers(nodeId).forEach(ProcessHandle::destroyForcibly);
            return boot.clear(nodeId);
        });
        if (!cleared) {
            throw new ProviderException(
                    "machine_stuck",
                    "Processes of node %s do not end.".formatted(nodeId),
                    "A process that waits for a disk cannot be killed; check the host's disks, then try again.");
        }
    }
}
