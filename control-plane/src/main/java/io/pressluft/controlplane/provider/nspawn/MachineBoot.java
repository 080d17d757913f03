package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How a machine is started so that it outlives this process, with limits, and what is to be removed after its end. */
sealed interface MachineBoot permits DirectBoot, UnitBoot {

    /**
     * For control groups: on every host but legacy ones the machine's own systemd gets a delegated tree, and on
     * all of them a namespace so that it sees nothing above. And /tmp on disk, where it does not eat the
     * machine's memory.
     */
    Map<String, String> ENVIRONMENT = Map.of("SYSTEMD_NSPAWN_USE_CGNS", "1", "SYSTEMD_NSPAWN_TMPFS_TMP", "0");

    /** Starts the machine; its process may appear a moment later. */
    void start(MachineDirectory machine, AcquisitionSpec spec);

    /** Processes that belong to the machine and may have outlived it. */
    List<ProcessHandle> stragglers(String nodeId);

    /** Removes what the start made besides the process; false while something still holds it. */
    boolean clear(String nodeId);

    /** Removes what all machines of the instance shared. */
    void clearShared();

    boolean controllersReadOnlyInMachines();

    static MachineBoot ofThisHost(InstanceNames names, HostCommands commands) {
        return Files.isDirectory(Path.of("/run/systemd/system"))
                ? new UnitBoot(names, commands)
                : new DirectBoot(names, ControlGroups.ofThisHost());
    }

    static List<String> nspawn(InstanceNames names, MachineDirectory machine, AcquisitionSpec spec) {
        return List.of(
                "systemd-nspawn",
                "--quiet",
                "--directory=" + machine.root(),
                "--machine=" + names.machine(spec.nodeId()),
                "--hostname=" + spec.nodeName(),
                "--register=no",
                "--keep-unit",
                "--boot",
                "--network-bridge=" + names.bridge(),
                "--resolv-conf=off",
                "--timezone=off",
                "--link-journal=no");
    }
}
