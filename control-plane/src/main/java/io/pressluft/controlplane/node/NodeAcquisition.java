package io.pressluft.controlplane.node;

import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.NodeProvider;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.provider.Target;
import io.pressluft.controlplane.provider.ssh.AuthorizedKeys;
import io.pressluft.controlplane.trust.ManagedKey;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Component;

/** Hands nodes to the provider that their request named, and to no other. */
@Component
class NodeAcquisition {

    private final List<NodeProvider> providers;
    private final ManagedKey key;
    private final NodeStore nodes;
    private final FirstAccessSecrets passwords;
    private final Clock clock;

    NodeAcquisition(
            List<NodeProvider> providers, ManagedKey key, NodeStore nodes, FirstAccessSecrets passwords, Clock clock) {
        this.providers = providers;
        this.key = key;
        this.nodes = nodes;
        this.passwords = passwords;
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

    /** What puts the managed key into {@code authorized_keys} of whoever runs it. */
    String authorisingCommand() {
        return AuthorizedKeys.command(key.publicLine());
    }

    Target acquire(Node node, WorkLog log) {
        var steps = steps(node, log);
        try {
            var target = providerOf(node).acquire(spec(node), steps);
            steps.end("changed", null);
            passwords.forget(node.id());
            return target;
        } catch (ProviderException failed) {
            steps.end("failed", failed);
            throw failed;
        }
    }

    void release(Node node, WorkLog log) {
        var steps = steps(node, log);
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

    private ProviderSteps steps(Node node, WorkLog log) {
        return new ProviderSteps(
                log, clock, hostKey -> nodes.pinHostKey(node.id(), hostKey), () -> nodes.setNarrowed(node.id()));
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
                node.id(),
                node.name(),
                node.memoryMb(),
                node.cpus(),
                key.publicLine(),
                key.path(),
                node.options(),
                node.hostKey(),
                passwords.find(node.id()).orElse(null));
    }
}
