package io.pressluft.controlplane.ssh;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.jspecify.annotations.Nullable;

/** Asks a machine for its host key, without signing in. */
public final class HostKeyLook {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private HostKeyLook() {}

    /**
     * The machine's host key as {@code type base64}.
     *
     * @param pin a key or a fingerprint it must have, or null to take the one it shows first
     * @throws SshFailure when the machine cannot be reached or has no such key
     */
    public static String at(SshAddress address, @Nullable String pin) throws SshFailure {
        if (pin == null) {
            return HostKeys.line(shown(address, HostKeys.TYPES.getFirst()));
        }
        var types = HostKeys.fingerprinted(pin) ? HostKeys.TYPES : List.of(HostKeys.type(pin));
        for (var type : types) {
            var key = shown(address, type);
            if (HostKeys.matches(pin, key)) {
                return HostKeys.line(key);
            }
        }
        throw new SshFailure(SshFailure.Why.HOST_KEY, "%s has no host key that is the pinned one.".formatted(address));
    }

    private static PublicKey shown(SshAddress address, String type) throws SshFailure {
        var seen = new AtomicReference<@Nullable PublicKey>();
        try (var client = client()) {
            HostKeys.prefer(client, type);
            client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
            client.setServerKeyVerifier((session, remote, key) -> {
                seen.set(key);
                return true;
            });
            client.start();
            try (var session = connect(client, address)) {
                session.waitFor(
                        EnumSet.of(ClientSession.ClientSessionEvent.WAIT_AUTH, ClientSession.ClientSessionEvent.CLOSED),
                        CONNECT);
            }
        } catch (IOException e) {
            throw unreachable(address, e);
        }
        return Optional.ofNullable(seen.get())
                .orElseThrow(() -> new SshFailure(
                        SshFailure.Why.UNREACHABLE, "What listens at %s does not speak SSH.".formatted(address)));
    }

    /** Reads neither keys nor settings of the user that runs the control plane. */
    static SshClient client() {
        var client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        return client;
    }

    static ClientSession connect(SshClient client, SshAddress address) throws SshFailure {
        try {
            return client.connect(address.user(), address.host(), address.port())
                    .verify(CONNECT)
                    .getSession();
        } catch (IOException e) {
            throw unreachable(address, e);
        }
    }

    private static SshFailure unreachable(SshAddress address, IOException cause) {
        return new SshFailure(
                SshFailure.Why.UNREACHABLE, "%s does not answer: %s.".formatted(address, cause.getMessage()));
    }
}
