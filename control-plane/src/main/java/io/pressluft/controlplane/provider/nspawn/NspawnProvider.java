package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.NodeProvider;
import io.pressluft.controlplane.provider.NodeSource;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.provider.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Supplier;

/** Local nodes of one control plane instance. See the package's description for where it leaves its marks. */
public final class NspawnProvider implements NodeProvider {

    private final NspawnSettings settings;
    private final HostCommands commands = new HostCommands();
    private final InstanceRegistry registry = new InstanceRegistry(InstanceRegistry.RUN);
    private final NodeLocks nodes = new NodeLocks();
    private final Await await;
    private final MachinePower power;
    private final MachineRoots roots;
    private final InstanceNetwork network;
    private final Forwarding forwarding;

    public NspawnProvider(NspawnSettings settings) {
        this.settings = settings;
        this.await = new Await();
        this.power = new MachinePower(MachineBoot.ofThisHost(settings.names(), commands), await);
        this.roots = new MachineRoots(settings, commands, await, new SecureRandom());
        this.forwarding = new Forwarding(InstanceRegistry.RUN, commands);
        this.network = new InstanceNetwork(settings, commands);
    }

    @Override
    public String name() {
        return "nspawn";
    }

    @Override
    public NodeSource source() {
        return NodeSource.LOCAL;
    }

    @Override
    public void requireAvailable() {
        new Capabilities(settings.dataDirectory()).require();
        if (Resolvers.of(settings).isEmpty()) {
            throw ProviderException.capabilityMissing(
                    "This host names no name server that a machine could reach.",
                    "Set the resolvers of local nodes in the configuration.");
        }
    }

    /** To be called at start-up: removes what dead instances left on this host. Returns their ids. */
    public List<String> sweep() {
        return guarded(() -> {
            try (var _ = hostLock()) {
                List<String> swept = new LeftoverSweep(registry, commands, await).sweepExcept(settings.instanceId());
                restoreForwarding();
                return swept;
            }
        });
    }

    /** Removes every machine of this instance and its network; for the end of the instance, with nothing running. */
    public void purge() {
        guarded(() -> {
            try (var _ = hostLock()) {
                new LeftoverSweep(registry, commands, await).removeAllOf(settings.instanceId());
                restoreForwarding();
                return true;
            }
        });
    }

    @Override
    public Target acquire(AcquisitionSpec spec, Progress progress) {
        requireAvailable();
        return guarded(() -> {
            try (var _ = nodes.hold(spec.nodeId())) {
                enter(spec.nodeId());
                ImageRecipe recipe = ImageRecipe.ofThisHost(commands);
                progress.step("image", recipe.name());
                Path image = new ImageCache(settings.cacheDirectory(), commands).require(recipe, progress);
                MachineDirectory machine = settings.machine(spec.nodeId());
                progress.step("root", machine.root().toString());
                roots.make(spec, image, HostKey.require(machine, commands), progress);
                return bringUp(spec, progress);
            }
        });
    }

    @Override
    public Target resume(AcquisitionSpec spec, Progress progress) {
        requireAvailable();
        return guarded(() -> {
            try (var _ = nodes.hold(spec.nodeId())) {
                if (!settings.machine(spec.nodeId()).exists()) {
                    throw ProviderException.machineMissing(spec.nodeId());
                }
                return bringUp(spec, progress);
            }
        });
    }

    @Override
    public void suspend(AcquisitionSpec spec) {
        guarded(() -> {
            try (var _ = nodes.hold(spec.nodeId())) {
                power.stop(settings.machine(spec.nodeId()), spec.nodeId());
                try (var _ = hostLock()) {
                    settle();
                }
            }
            return spec;
        });
    }

    @Override
    public void release(AcquisitionSpec spec, Progress progress) {
        guarded(() -> {
            try (var _ = nodes.hold(spec.nodeId())) {
                MachineDirectory machine = settings.machine(spec.nodeId());
                progress.step("stop", machine.root().toString());
                power.stop(machine, spec.nodeId());
                progress.step("delete", machine.path().toString());
                roots.delete(machine);
                try (var _ = hostLock()) {
                    network.leave(spec.nodeId());
                    registry.forget(settings.instanceId(), spec.nodeId());
                    settle();
                }
            }
            return spec;
        });
    }

    /** Notes the machine and its address before anything is made of it. */
    private NetworkPlan enter(String nodeId) {
        try (var _ = hostLock()) {
            registry.claim(settings, nodeId);
            NetworkPlan plan = network.join(nodeId, registry.subnetsExcept(settings.instanceId()));
            registry.recordSubnet(settings.instanceId(), plan.subnet());
            return plan;
        }
    }

    private Target bringUp(AcquisitionSpec spec, Progress progress) {
        MachineDirectory machine = settings.machine(spec.nodeId());
        NetworkPlan plan = enter(spec.nodeId());
        progress.step("boot", plan.address(spec.nodeId()));
        // The lock keeps the bridge from being taken down by the end of another machine before this one runs.
        try (var _ = hostLock()) {
            registry.claim(settings, spec.nodeId());
            registry.recordSubnet(settings.instanceId(), plan.subnet());
            network.up(plan);
            forwarding.enable();
            if (!power.running(machine.root())) {
                surround(machine, spec, plan);
                power.start(machine, spec);
            }
        }
        progress.step("ssh", plan.address(spec.nodeId()));
        HostKey hostKey = HostKey.require(machine, commands);
        new SshAnswer(commands, await)
                .awaitFrom(plan.address(spec.nodeId()), hostKey.publicKey(), () -> power.running(machine.root()));
        return new Target(
                spec.nodeName(),
                null,
                plan.address(spec.nodeId()),
                "root",
                22,
                spec.sshKeyPath(),
                hostKey.publicKey(),
                null);
    }

    private void surround(MachineDirectory machine, AcquisitionSpec spec, NetworkPlan plan) {
        try {
            new Seed(new RootFiles(machine.root()), spec)
                    .surroundings(plan, Resolvers.of(settings), power.controllersReadOnly());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves the host as it was before the first machine, once none of this instance runs. */
    private void settle() {
        if (!MachineProcess.below(settings.machines()).isEmpty()) {
            return;
        }
        network.down();
        power.clearShared();
        registry.all().stream()
                .filter(record -> record.instanceId().equals(settings.instanceId()))
                // What is ephemeral must still be found by a sweep while there are files of it.
                .filter(record -> record.machines().isEmpty() || !record.ephemeral())
                .forEach(record -> registry.remove(record.instanceId()));
        restoreForwarding();
    }

    private void restoreForwarding() {
        boolean needed =
                registry.all().stream().anyMatch(record -> Files.exists(Path.of("/sys/class/net", record.bridge())));
        if (!needed) {
            forwarding.restore();
        }
    }

    private static HostLock hostLock() {
        return HostLock.hold(InstanceRegistry.RUN.resolve("host.lock"));
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (UncheckedIOException e) {
            throw new ProviderException(
                    "host_io_failed",
                    "A file of a local node cannot be read or written: " + e.getMessage(),
                    "Check free disk space and permissions, then try again.",
                    e);
        }
    }
}
