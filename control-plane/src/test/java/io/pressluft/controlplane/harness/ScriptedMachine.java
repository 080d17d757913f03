package io.pressluft.controlplane.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.RejectAllPublickeyAuthenticator;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;

/** An SSH server on loopback that answers every command with the text a test sets. */
public final class ScriptedMachine implements AutoCloseable {

    private final AtomicReference<String> answer = new AtomicReference<>("");
    private final AtomicInteger asked = new AtomicInteger();
    private final SshServer server = SshServer.setUpDefaultServer();

    public ScriptedMachine() {
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
        server.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
        server.setCommandFactory((channel, command) -> new Answer(command));
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** In the form of a line of {@code known_hosts} without the host. */
    public String hostKey() {
        try {
            var pairs = server.getKeyPairProvider().loadKeys((SessionContext) null);
            return PublicKeyEntry.toString(pairs.iterator().next().getPublic());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public void answers(String text) {
        answer.set(text);
    }

    public void refusesKeys() {
        server.setPublickeyAuthenticator(RejectAllPublickeyAuthenticator.INSTANCE);
    }

    public void acceptsKeys() {
        server.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
    }

    /** How many commands were run. */
    public int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Answer extends AbstractCommandSupport {

        Answer(String command) {
            super(command, null);
        }

        @Override
        public void run() {
            asked.incrementAndGet();
            try {
                getOutputStream().write(answer.get().getBytes(StandardCharsets.UTF_8));
                getOutputStream().flush();
                onExit(0);
            } catch (IOException e) {
                onExit(1, e.toString());
            }
        }
    }
}
