package io.pressluft.controlplane.ssh;

import io.pressluft.controlplane.trust.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.io.output.NoCloseOutputStream;

/** Signed in at a machine whose host key is the pinned one. */
public final class SshSession implements AutoCloseable {

    private static final Duration SIGN_IN = Duration.ofSeconds(15);

    private final SshClient client;
    private final ClientSession session;

    /** What a command left behind. */
    public record Outcome(int exit, String out, String error) {}

    private SshSession(SshClient client, ClientSession session) {
        this.client = client;
        this.session = session;
    }

    /** Signs in with the private key in the file. */
    public static SshSession withKey(SshAddress address, String hostKey, Path key) throws SshFailure {
        return open(address, hostKey, new FileKeyPairProvider(key), null);
    }

    public static SshSession withPassword(SshAddress address, String hostKey, Secret password) throws SshFailure {
        return open(address, hostKey, KeyIdentityProvider.EMPTY_KEYS_PROVIDER, password);
    }

    private static SshSession open(
            SshAddress address,
            String hostKey,
            KeyIdentityProvider keys,
            @org.jspecify.annotations.Nullable Secret password)
            throws SshFailure {
        var client = HostKeyLook.client();
        HostKeys.prefer(client, HostKeys.type(hostKey));
        var accepted = new boolean[] {true};
        client.setServerKeyVerifier((session, remote, key) -> {
            accepted[0] = HostKeys.matches(hostKey, key);
            return accepted[0];
        });
        client.setKeyIdentityProvider(keys);
        client.start();
        try {
            var session = HostKeyLook.connect(client, address);
            if (password != null) {
                session.addPasswordIdentity(password.reveal());
            }
            signIn(session, address, accepted);
            return new SshSession(client, session);
        } catch (SshFailure failed) {
            client.stop();
            throw failed;
        }
    }

    private static void signIn(ClientSession session, SshAddress address, boolean[] accepted) throws SshFailure {
        try {
            session.auth().verify(SIGN_IN);
        } catch (IOException e) {
            if (!accepted[0]) {
                throw new SshFailure(
                        SshFailure.Why.HOST_KEY, "%s shows another host key than the pinned one.".formatted(address));
            }
            var refused = (session.isOpen() && !slow(e))
                    || String.valueOf(e.getMessage()).contains("authentication methods");
            throw new SshFailure(
                    refused ? SshFailure.Why.REFUSED : SshFailure.Why.UNREACHABLE,
                    refused
                            ? "%s refuses the user %s.".formatted(address, address.user())
                            : "%s ended the connection while %s signed in.".formatted(address, address.user()));
        }
    }

    /** Whether nobody said anything in time. */
    private static boolean slow(IOException e) {
        return e instanceof SshException && e.getCause() instanceof TimeoutException;
    }

    /** Runs the lines with {@code sh}, whatever the user's own shell is. */
    public Outcome script(String lines, Duration limit) throws SshFailure {
        var out = new ByteArrayOutputStream();
        var error = new ByteArrayOutputStream();
        try (var channel = session.createExecChannel("/bin/sh -s")) {
            channel.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
            channel.setOut(new NoCloseOutputStream(out));
            channel.setErr(new NoCloseOutputStream(error));
            channel.open().verify(SIGN_IN);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), limit);
            return new Outcome(
                    Objects.requireNonNullElse(channel.getExitStatus(), -1),
                    out.toString(StandardCharsets.UTF_8),
                    error.toString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new SshFailure(SshFailure.Why.UNREACHABLE, "The connection broke off: %s.".formatted(e.getMessage()));
        }
    }

    @Override
    public void close() {
        session.close(true);
        client.stop();
    }
}
