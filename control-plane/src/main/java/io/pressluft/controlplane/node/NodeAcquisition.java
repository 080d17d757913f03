package io.pressluft.controlplane.node;

import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.NodeProvider;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.provider.Target;
import io.pressluft.controlplane.trust.ManagedKey;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Hands nodes to the provider that their request named, and to no other. */
@Component
class NodeAcquisition {

    private final List<NodeProvider> providers;
    private final ManagedKey key;
    private final Clock clock;

    NodeAcquisition(List<NodeProvider> providers, ManagedKey key, Clock clock) {
        this.providers = providers;
        this.key = key;
        this.clock = clock;
    }

    boolean knows(String source, String provider) {
        return providers.stream()
                .anyMatch(one ->
                        one.name().equals(provider) && one.source().name().equalsIgnoreCase(source));
    }

    String publicKey() {
        return key.publicLine();
    }

    Target acquire(Node node, WorkLog log) {
        var steps = new ProviderSteps(log, clock);
        try {
            var target = providerOf(node).acquire(spec(node), steps);
            steps.end("changed", null);
            return target;
        } catch (ProviderException failed) {
            steps.end("failed", failed);
            throw failed;
        }
    }

    void release(Node node, WorkLog log) {
        var steps = new ProviderSteps(log, clock);
        try {
            providerOf(node).release(spec(node), steps);
            steps.end("changed", null);
        } catch (ProviderException failed) {
            steps.end("failed", failed);
            throw failed;
        }
    }

    void resume(Node node) {
        providerOf(node).resume(spec(node), Progress.SILENT);
    }

    void suspend(Node node) {
        providerOf(node).suspend(spec(node));
    }

    /** Where a node on the local network finds this host: the first address of its subnet. */
    String controlPlaneAddress(Target target) {
        var address = target.privateAddress();
        return address.substring(0, address.lastIndexOf('.')) + ".1";
    }

    private NodeProvider providerOf(Node node) {
        return providers.stream()
                .filter(one -> one.name().equals(node.provider()))
                .findFirst()
                .orElseThrow(() -> ProviderException.capabilityMissing(
                        "This control plane has no provider %s.".formatted(node.provider()),
                        "Create the node with a provider this release has."));
    }

    private AcquisitionSpec spec(Node node) {
        return new AcquisitionSpec(
                node.id(), node.name(), node.memoryMb(), node.cpus(), key.publicLine(), key.path(), Map.of());
    }
}
