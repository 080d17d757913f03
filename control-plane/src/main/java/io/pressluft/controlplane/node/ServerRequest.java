package io.pressluft.controlplane.node;

import io.pressluft.controlplane.error.FieldChecks;
import io.pressluft.controlplane.provider.ssh.ServerAddress;
import io.pressluft.controlplane.provider.ssh.SshProvider;
import io.pressluft.controlplane.ssh.HostKeys;
import io.pressluft.controlplane.trust.Secret;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a request says about an existing server, before it has been checked. */
record ServerRequest(
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String user,
        @Nullable String hostKey,
        @Nullable String password) {

    static final String PROVIDER = SshProvider.NAME;

    /** Says that the machine's own memory and processors are the node's: none were asked for. */
    static final String MEMORY_OF_MACHINE = "memoryOfMachine";

    static final String CPUS_OF_MACHINE = "cpusOfMachine";

    private static final String USER = "[a-z_][a-z0-9_-]{0,31}";
    private static final String PASSWORD = "[^\\p{Cc}\\p{Cs}]{1,256}";
    private static final int LONGEST_HOST_KEY = 1_000;
    private static final int SSH = 22;

    void check(FieldChecks checks) {
        boolean valid = host != null && ServerAddress.valid(host);
        checks.require(valid, "host", "Must be a host name, an IPv4 address or an IPv6 address.")
                .require(
                        !valid || !ServerAddress.refused(String.valueOf(host)),
                        "host",
                        "Must be another machine; the control plane's own host is never a remote node.")
                .require(port == null || (port > 0 && port < 65_536), "port", "Must be between 1 and 65535.")
                .require(user == null || user.matches(USER), "user", "Must be the name of a Linux user.")
                .require(
                        hostKey == null || (hostKey.length() <= LONGEST_HOST_KEY && HostKeys.valid(hostKey)),
                        "hostKey",
                        "Must be a public host key in one line, or its fingerprint as SHA256:...")
                .require(
                        password == null || password.matches(PASSWORD),
                        "oneTimePassword",
                        "Must have 1 to 256 characters without control characters.");
    }

    void checkAbsent(FieldChecks checks) {
        var only = "Belongs to the provider ssh only.";
        checks.require(host == null, "host", only)
                .require(port == null, "port", only)
                .require(user == null, "user", only)
                .require(hostKey == null, "hostKey", only)
                .require(password == null, "oneTimePassword", only);
    }

    Map<String, String> options(boolean memoryOfMachine, boolean cpusOfMachine) {
        var options = new LinkedHashMap<String, String>();
        options.put("host", String.valueOf(host).toLowerCase(Locale.ROOT));
        options.put("port", String.valueOf(Objects.requireNonNullElse(port, SSH)));
        options.put("user", Objects.requireNonNullElse(user, "root"));
        if (hostKey != null) {
            options.put("hostKey", hostKey);
        }
        if (memoryOfMachine) {
            options.put(MEMORY_OF_MACHINE, "yes");
        }
        if (cpusOfMachine) {
            options.put(CPUS_OF_MACHINE, "yes");
        }
        return options;
    }

    @Nullable
    Secret secret() {
        return password == null ? null : new Secret(password);
    }

    @Override
    public String toString() {
        return "ServerRequest[host=%s, port=%s, user=%s]".formatted(host, port, user);
    }
}
