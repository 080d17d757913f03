package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.io.Console;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An existing server, for the provider ssh. A password is never an argument: others on this machine see those. */
final class ServerOptions {
    static final String PROVIDER = "ssh";

    @Option(names = "--ssh-host", paramLabel = "HOST", description = "An existing server: host name or address.")
    @Nullable
    String host;

    @Option(names = "--ssh-port", paramLabel = "PORT", description = "Its SSH port (default: 22).")
    @Nullable
    Integer port;

    @Option(names = "--ssh-user", paramLabel = "USER", description = "root, or a user with passwordless sudo.")
    @Nullable
    String user;

    @Option(
            names = "--ssh-host-key",
            paramLabel = "KEY",
            description = "Its host key or SHA256:... fingerprint; otherwise the first one seen is pinned.")
    @Nullable
    String hostKey;

    @Option(names = "--ask-password", description = "Ask for a one-time password that authorises the managed key.")
    boolean ask;

    @Option(names = "--password-file", paramLabel = "FILE", description = "Read it from a file; - is standard input.")
    @Nullable
    String passwordFile;

    boolean given() {
        return host != null;
    }

    static String sourceOf(String provider) {
        return provider.equals(PROVIDER) ? "remote" : "local";
    }

    void into(JsonObject body, Output output) {
        if (host != null) body.addProperty("host", host);
        if (port != null) body.addProperty("port", port);
        if (user != null) body.addProperty("user", user);
        if (hostKey != null) body.addProperty("hostKey", hostKey);
        String password = password();
        if (password != null) body.addProperty("oneTimePassword", password);
        else if (given()) output.say("Without a password the job waits for the managed key: pressluft node key");
    }

    private @Nullable String password() {
        if (passwordFile != null) return ShortFile.read(passwordFile, "password");
        if (!ask) return null;
        var console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(() -> CliException.usage(
                        "no_terminal", "There is no terminal to ask for the password", "Use --password-file."));
        char[] typed = console.readPassword("One-time password of %s: ", user == null ? "root" : user);
        return typed == null ? null : new String(typed);
    }
}
