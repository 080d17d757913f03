package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The bridge of an instance and all that belongs to it. Callers hold the host's lock: subnets, forwarding and firewall
 * are shared by all instances.
 */
final class InstanceNetwork {

    private final NspawnSettings settings;
    private final JsonFile<NetworkPlan> plan;
    private final HostCommands commands;
    private final Firewall firewall;

    InstanceNetwork(NspawnSettings settings, HostCommands commands) {
        this.settings = settings;
        this.plan = new JsonFile<>(planFile(settings.dataDirectory()), NetworkPlan.class);
        this.commands = commands;
        this.firewall = new Firewall(settings.names(), commands);
    }

    static Path planFile(Path dataDirectory) {
        return dataDirectory.resolve("network.json");
    }

    /** The plan with an address for this node, remembered before anything on the host is made from it. */
    NetworkPlan join(String nodeId, List<Subnet> ofOtherInstances) {
        NetworkPlan joined =
                plan.read().orElseGet(() -> fresh(ofOtherInstances)).with(nodeId);
        plan.write(joined);
        return joined;
    }

    /** Forgets the node's address, and the plan with the last one. */
    void leave(String nodeId) {
        plan.read().map(known -> known.without(nodeId)).ifPresent(left -> {
            if (left.addresses().isEmpty()) {
                plan.delete();
            } else {
                plan.write(left);
            }
        });
    }

    /** Makes the host side so that machines can start. Idempotent. */
    void up(NetworkPlan network) {
        String bridge = settings.names().bridge();
        requireFree(network.network());
        if (!commands.run("ip", "link", "show", "dev", bridge).ok()) {
            commands.check("ip", "link", "add", bridge, "type", "bridge");
        }
        commands.check(
                "ip",
                "address",
                "replace",
                network.gateway() + "/" + network.network().prefix(),
                "dev",
                bridge);
        commands.check("ip", "link", "set", bridge, "up");
        firewall.open(network.network());
    }

    /** Takes the host side away; the plan stays. */
    void down() {
        firewall.close();
        commands.run("ip", "link", "delete", "dev", settings.names().bridge());
    }

    private void requireFree(Subnet subnet) {
        new HostNetworks(commands)
                .inUseExcept(settings.names().bridge()).stream()
                        .filter(subnet::overlaps)
                        .findFirst()
                        .ifPresent(other -> {
                            throw new ProviderException(
                                    "subnet_conflict",
                                    "The local nodes' network %s overlaps %s, which this host uses now."
                                            .formatted(subnet, other),
                                    "Take the other network down (a VPN, perhaps), or delete and recreate the local nodes.");
                        });
    }

    private NetworkPlan fresh(List<Subnet> ofOtherInstances) {
        List<Subnet> taken = new ArrayList<>(
                new HostNetworks(commands).inUseExcept(settings.names().bridge()));
        taken.addAll(ofOtherInstances);
        // A name server behind the default route appears in no route of its own.
        Resolvers.of(settings).stream().map(Subnet::parse).forEach(taken::add);
        return new NetworkPlan(SubnetChoice.choose(settings.instanceId(), taken).toString(), java.util.Map.of());
    }
}
