package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An existing server, for the provider ssh. A password is never an argument: others on this machine see those. */
final class ServerOptions {
    static final String PROVIDER = "ssh";

    /** In bytes; a file may be a device without an end. */
    private static final int LONGEST = 1_026;

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
        if (passwordFile != null) return read(passwordFile);
        if (!ask) return null;
        var console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(() -> CliException.usage(
                        "no_terminal", "There is no terminal to ask for the password", "Use --password-file."));
        char[] typed = console.readPassword("One-time password of %s: ", user == null ? "root" : user);
        return typed == null ? null : new String(typed);
    }

    private static String read(String file) {
        try {
            byte[] bytes = file.equals("-") ? System.in.readNBytes(LONGEST + 1) : beginning(Path.of(file));
            if (bytes.length > LONGEST)
                throw CliException.usage(
                        "file_unreadable",
                        "The password file is longer than a password can be",
                        "Write the password alone into it.");
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\\R\\z", "");
        } catch (CharacterCodingException e) {
            throw CliException.usage(
                    "file_unreadable", "The password file is not text in UTF-8", "Write the password alone into it.");
        } catch (IOException | InvalidPathException e) {
            throw CliException.usage("file_unreadable", "The password file cannot be read", "Check its name.");
        }
    }

    private static byte[] beginning(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LONGEST + 1);
        }
    }
}
