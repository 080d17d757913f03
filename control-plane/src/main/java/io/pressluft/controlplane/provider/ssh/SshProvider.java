package io.pressluft.controlplane.provider.ssh;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.NodeProvider;
import io.pressluft.controlplane.provider.NodeSource;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.provider.Target;
import io.pressluft.controlplane.ssh.HostKeyLook;
import io.pressluft.controlplane.ssh.HostKeys;
import io.pressluft.controlplane.ssh.SshAddress;
import io.pressluft.controlplane.ssh.SshFailure;
import io.pressluft.controlplane.ssh.SshSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Existing servers. What is put on one before it is known to fit, the managed key, is taken away again when it does not. */
public final class SshProvider implements NodeProvider {

    public static final String NAME = "ssh";

    private final SshSettings settings;
    private final FirstAccess access;
    private final Predicate<InetAddress> refused;

    /** @param refused addresses that are never another machine's */
    SshProvider(SshSettings settings, Predicate<InetAddress> refused) {
        this.settings = settings;
        this.refused = refused;
        this.access = new FirstAccess(settings);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public NodeSource source() {
        return NodeSource.REMOTE;
    }

    @Override
    public void requireAvailable() {}

    @Override
    public Target acquire(AcquisitionSpec spec, Progress progress) {
        var server = Server.of(spec);
        progress.step("find the server", server.host());
        var address = resolved(server);
        var at = new SshAddress(address.getHostAddress(), server.port(), server.user());
        try {
            progress.step("compare the host key", at.toString());
            var hostKey = HostKeyLook.at(at, spec.pinnedHostKey() == null ? server.hostKey() : spec.pinnedHostKey());
            progress.hostKey(hostKey);
            progress.log("host key %s %s (%s)"
                    .formatted(
                            hostKey.split(" ")[0],
                            HostKeys.fingerprint(hostKey),
                            server.hostKey() != null
                                    ? "given with the request"
                                    : spec.pinnedHostKey() == null ? "trusted on first use, now pinned" : "pinned"));
            boolean added = access.gain(spec, at, hostKey, progress);
            progress.step("look at the machine", at.toString());
            var look = looked(spec, at, hostKey, added);
            if (look.narrowed()) {
                // An attempt before this one ended right after it had narrowed the key.
                progress.narrowed();
            }
            var own = ServerAddress.isPrivate(address);
            return new Target(
                    server.host(),
                    own ? null : address.getHostAddress(),
                    own ? address.getHostAddress() : null,
                    server.user(),
                    server.port(),
                    spec.sshKeyPath(),
                    hostKey,
                    new Target.Size(look.number("memory"), look.number("cpus")));
        } catch (SshFailure failed) {
            throw coded(failed);
        }
    }

    private MachineLook looked(AcquisitionSpec spec, SshAddress at, String hostKey, boolean added) throws SshFailure {
        try (var session = SshSession.withKey(at, hostKey, spec.sshKeyPath())) {
            var look = MachineLook.at(session);
            var objection = look.objection(spec.nodeId(), at.user(), ownMachine(), System.getProperty("os.arch", ""));
            if (objection.isPresent()) {
                if (added) {
                    new AuthorizedKeys(spec.sshPublicKey()).remove(session);
                }
                throw objection.get();
            }
            return look;
        }
    }

    /** The machine is not ours: what Pressluft put on it is gone already, and this proves it by the key's refusal. */
    @Override
    public void release(AcquisitionSpec spec, Progress progress) {
        var pinned = spec.pinnedHostKey();
        if (pinned == null) {
            return; // nobody ever signed in
        }
        var server = Server.of(spec);
        progress.step("see that the key is refused", server.host());
        try {
            access.lose(
                    spec,
                    new SshAddress(resolved(server).getHostAddress(), server.port(), server.user()),
                    pinned,
                    progress);
        } catch (SshFailure failed) {
            throw coded(failed);
        }
    }

    @Override
    public Target resume(AcquisitionSpec spec, Progress progress) {
        throw ProviderException.machineMissing(spec.nodeId());
    }

    @Override
    public void suspend(AcquisitionSpec spec) {}

    private InetAddress resolved(Server server) {
        try {
            var address = ServerAddress.resolve(server.host());
            if (refused.test(address)) {
                throw refusedAddress("%s is %s, which is no address of another machine."
                        .formatted(server.host(), address.getHostAddress()));
            }
            return address;
        } catch (UnknownHostException e) {
            throw new ProviderException(
                    "ssh_unreachable",
                    "The name %s cannot be resolved.".formatted(server.host()),
                    "Check the name, or use the machine's address.",
                    e);
        }
    }

    static ProviderException refusedAddress(String what) {
        return new ProviderException(
                "address_refused",
                what,
                "Name another machine. The control plane's own host is never a remote node; create a local one there.");
    }

    private String ownMachine() {
        try {
            return Files.readString(settings.machineId()).strip();
        } catch (IOException e) {
            return "";
        }
    }

    static ProviderException coded(SshFailure failed) {
        return switch (failed.why()) {
            case UNREACHABLE ->
                new ProviderException(
                        "ssh_unreachable",
                        failed.getMessage(),
                        "Check host and port, that the machine runs, and that its firewall lets the control plane in.",
                        failed);
            case HOST_KEY ->
                new ProviderException(
                        "host_key_changed",
                        failed.getMessage() + " Nothing was sent to it.",
                        "Make sure that this is the machine you mean. If it was installed afresh, decommission the node"
                                + " and create it again.",
                        failed);
            case REFUSED ->
                new ProviderException(
                        "ssh_auth_failed",
                        failed.getMessage(),
                        "Authorise the managed key for this user (pressluft node key shows the line), then retry the"
                                + " job.",
                        failed);
        };
    }

    /** What the request said about the server. */
    record Server(
            String host,
            int port,
            String user,
            @org.jspecify.annotations.Nullable String hostKey) {

        static Server of(AcquisitionSpec spec) {
            var options = spec.options();
            return new Server(
                    Objects.requireNonNull(options.get("host"), "a remote node has a host"),
                    Integer.parseInt(Objects.requireNonNullElse(options.get("port"), "22")),
                    Optional.ofNullable(options.get("user")).orElse("root"),
                    options.get("hostKey"));
        }
    }
}
