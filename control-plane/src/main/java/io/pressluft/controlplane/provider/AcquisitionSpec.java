package io.pressluft.controlplane.provider;

import io.pressluft.controlplane.trust.Secret;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to acquire. The node id identifies the machine: two specs with the same id mean the same machine.
 *
 * @param memoryMb the memory of the whole machine in MiB
 * @param cpus the processor time of the whole machine in cores, such as 1.5
 * @param sshPublicKey the public key line that gets root's first access
 * @param sshKeyPath the private key that belongs to it, on the control plane's host
 * @param options provider specific wishes; unknown ones are ignored
 * @param pinnedHostKey what an earlier attempt told {@link Progress#hostKey}; another key is refused from then on
 * @param oneTimePassword for the first access to a machine that exists already; absent when there is none or it was used
 */
public record AcquisitionSpec(
        String nodeId,
        String nodeName,
        int memoryMb,
        double cpus,
        String sshPublicKey,
        Path sshKeyPath,
        Map<String, String> options,
        @Nullable String pinnedHostKey,
        @Nullable Secret oneTimePassword) {

    public AcquisitionSpec(
            String nodeId,
            String nodeName,
            int memoryMb,
            double cpus,
            String sshPublicKey,
            Path sshKeyPath,
            Map<String, String> options) {
        this(nodeId, nodeName, memoryMb, cpus, sshPublicKey, sshKeyPath, options, null, null);
    }

    public AcquisitionSpec {
        if (!nodeId.matches("node_[a-z0-9]{12}")) {
            throw new IllegalArgumentException("not a node id: " + nodeId);
        }
        if (!nodeName.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("not a host name: " + nodeName);
        }
        if (memoryMb < 256) {
            throw new IllegalArgumentException("a node needs at least 256 MiB of memory, not " + memoryMb);
        }
        if (!(cpus >= 0.1)) {
            throw new IllegalArgumentException("a node needs at least 0.1 cores, not " + cpus);
        }
        if (!sshPublicKey.strip().matches("(ssh|ecdsa)-[^\\s]+ [A-Za-z0-9+/=]+( [^\\n\\r]*)?")) {
            throw new IllegalArgumentException("not one line of an SSH public key");
        }
        sshPublicKey = sshPublicKey.strip();
        options = Map.copyOf(options);
    }
}
