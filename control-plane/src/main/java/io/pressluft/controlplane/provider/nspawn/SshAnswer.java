package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits until a machine answers SSH as itself. */
final class SshAnswer {

    private static final Duration BOOT = Duration.ofSeconds(90);
    private static final int CONNECT_MILLIS = 500;

    private final HostCommands commands;
    private final Await await;

    SshAnswer(HostCommands commands, Await await) {
        this.commands = commands;
        this.await = await;
    }

    /**
     * @param running asked now and then, so that a machine which has ended is not waited for
     * @throws ProviderException {@code host_key_changed} when somebody else answers, {@code boot_failed} when nobody does
     */
    void awaitFrom(String address, String hostKey, BooleanSupplier running) {
        boolean answered = await.until(BOOT, () -> !running.getAsBoolean() || portOpen(address));
        if (!answered || !running.getAsBoolean()) {
            throw new ProviderException(
                    "boot_failed",
                    answered
                            ? "The machine at %s ended while it was starting.".formatted(address)
                            : "The machine at %s does not answer SSH after %d seconds."
                                    .formatted(address, BOOT.toSeconds()),
                    "Read console.log in the machine's directory, then try again.");
        }
        String[] seen = {""};
        await.until(Duration.ofSeconds(10), () -> !(seen[0] = hostKeyOf(address)).isEmpty());
        if (!seen[0].equals(hostKey)) {
            throw new ProviderException(
                    "host_key_changed",
                    "The machine at %s shows another host key than it was given.".formatted(address),
                    "Find out who answers at this address before anything is sent there.");
        }
    }

    private static boolean portOpen(String address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, 22), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String hostKeyOf(String address) {
        String answer = commands.run("ssh-keyscan", "-T", "5", "-t", "ed25519", address)
                .out()
                .strip();
        return answer.substring(answer.indexOf(' ') + 1);
    }
}
