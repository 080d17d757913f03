package io.pressluft.controlplane.node;

import io.pressluft.controlplane.error.FieldChecks;
import io.pressluft.controlplane.id.Ids;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of a request for a node, before it has been checked. */
public record NodeRequest(
        @Nullable String name,
        @Nullable String source,
        @Nullable String provider,
        @Nullable String webStack,
        @Nullable Integer memoryMb,
        @Nullable Double cpus,
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String user,
        @Nullable String hostKey,
        @Nullable String oneTimePassword) {

    private static final String NAME = "[a-z]([a-z0-9-]{0,29}[a-z0-9])?";
    private static final int DEFAULT_MEMORY_MB = 2048;
    private static final double DEFAULT_CPUS = 2;

    /** @throws io.pressluft.controlplane.error.RequestException naming every field that is wrong */
    NewNode checked(NodeAcquisition acquisition, Ids ids) {
        int memory = Objects.requireNonNullElse(memoryMb, DEFAULT_MEMORY_MB);
        double cores = Objects.requireNonNullElse(cpus, DEFAULT_CPUS);
        var stack = Objects.requireNonNullElse(webStack, "nginx");
        var server = new ServerRequest(host, port, user, hostKey, oneTimePassword);
        var checks = new FieldChecks()
                .require(name == null || name.matches(NAME), "name", "Lower-case letters, digits and hyphens, 1 to 31.")
                .require("local".equals(source) || "remote".equals(source), "source", "Must be local or remote.")
                .require(provider != null, "provider", "Must name a provider; there is no default.")
                .require(stack.equals("nginx"), "webStack", "Must be nginx; OpenLiteSpeed comes with a later release.")
                .require(memory >= 1024 && memory <= 262_144, "memoryMb", "Must be between 1024 and 262144.")
                .require(cores >= 0.5 && cores <= 64, "cpus", "Must be between 0.5 and 64.");
        if (ServerRequest.PROVIDER.equals(provider)) {
            server.check(checks);
        } else {
            server.checkAbsent(checks);
        }
        checks.requireThen(
                        () -> acquisition.knows(String.valueOf(source), String.valueOf(provider)),
                        "provider",
                        "There is no such provider for this source.")
                .done();
        var chosen = name == null ? "node-" + ids.hex(3) : name;
        return new NewNode(
                chosen,
                String.valueOf(source),
                String.valueOf(provider),
                stack,
                memory,
                cores,
                ServerRequest.PROVIDER.equals(provider) ? server.options(memoryMb == null, cpus == null) : Map.of(),
                server.secret());
    }

    /** Without the password: requests are described in logs and errors. */
    @Override
    public String toString() {
        return "NodeRequest[name=%s, source=%s, provider=%s, host=%s]".formatted(name, source, provider, host);
    }
}
