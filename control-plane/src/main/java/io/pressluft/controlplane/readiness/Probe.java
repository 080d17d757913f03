package io.pressluft.controlplane.readiness;

import io.pressluft.controlplane.ssh.HostKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.io.output.NoCloseOutputStream;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Runs the read-only probe program on a node over SSH. Before and after the key was narrowed the command is the same. */
@Component
public class Probe {

    /** The node's only program this key may run once it has been narrowed. */
    static final String COMMAND = "/usr/local/lib/pressluft/probe";

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration RUN = Duration.ofSeconds(20);

    private final JsonMapper json;

    Probe(JsonMapper json) {
        this.json = json;
    }

    /** Answers within 30 seconds. */
    public ProbeAnswer run(ProbeTarget target) {
        var keyAccepted = new boolean[] {true};
        try (var client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier((session, address, key) -> {
                keyAccepted[0] = pinned(target, key);
                return keyAccepted[0];
            });
            client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
            HostKeys.prefer(client, target.hostKey().split(" ", 2)[0]);
            client.setKeyIdentityProvider(new FileKeyPairProvider(target.key()));
            client.start();
            return connected(client, target, keyAccepted);
        } catch (IOException e) {
            return new ProbeAnswer.Unseen(ReadinessCode.SSH_UNREACHABLE, sentence(e));
        }
    }

    private ProbeAnswer connected(SshClient client, ProbeTarget target, boolean[] keyAccepted) {
        try (var session = client.connect(target.user(), target.address(), target.port())
                .verify(CONNECT)
                .getSession()) {
            return authenticated(session, keyAccepted);
        } catch (IOException e) {
            return keyAccepted[0]
                    ? new ProbeAnswer.Unseen(ReadinessCode.SSH_UNREACHABLE, sentence(e))
                    : new ProbeAnswer.Unseen(ReadinessCode.HOST_KEY_CHANGED, "The host key is not the pinned one.");
        }
    }

    private ProbeAnswer authenticated(ClientSession session, boolean[] keyAccepted) throws IOException {
        try {
            session.auth().verify(CONNECT);
        } catch (IOException refused) {
            if (!keyAccepted[0]) {
                throw refused;
            }
            return new ProbeAnswer.Unseen(ReadinessCode.SSH_AUTH_FAILED, sentence(refused));
        }
        var out = new ByteArrayOutputStream();
        try (var channel = session.createExecChannel(COMMAND)) {
            channel.setOut(new NoCloseOutputStream(out));
            channel.open().verify(CONNECT);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), RUN);
        }
        return parsed(out.toString(StandardCharsets.UTF_8));
    }

    private ProbeAnswer parsed(String text) {
        try {
            var report = json.readTree(text);
            if (report.isObject()) {
                return new ProbeAnswer.Seen(report);
            }
        } catch (JacksonException e) {
            // Answered below: whatever ran was not the probe.
        }
        return new ProbeAnswer.Unseen(ReadinessCode.SUDO_UNAVAILABLE, "The probe program did not answer.");
    }

    private static boolean pinned(ProbeTarget target, PublicKey key) {
        try {
            var expected = AuthorizedKeyEntry.parseAuthorizedKeyEntry(target.hostKey())
                    .resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
            return KeyUtils.compareKeys(expected, key);
        } catch (IOException | GeneralSecurityException e) {
            return false;
        }
    }

    private static String sentence(IOException e) {
        var text = e.getMessage();
        return text == null ? e.getClass().getSimpleName() : text;
    }
}
