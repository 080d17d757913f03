package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A machine's SSH host key, made before the machine so that the very first connection can be checked against it.
 *
 * @param publicKey type and key, without a comment
 */
record HostKey(String privateKey, String publicKey) {

    static HostKey require(MachineDirectory machine, HostCommands commands) {
        try {
            if (!Files.isRegularFile(machine.hostKeyPublic())) {
                Files.createDirectories(machine.path());
                Path fresh = machine.path().resolve("host_key.new");
                Files.deleteIfExists(fresh);
                Files.deleteIfExists(fresh.resolveSibling("host_key.new.pub"));
                commands.check(
                        Duration.ofSeconds(30),
                        line -> {},
                        List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", fresh.toString()));
                // The public half moves last: where it is, both are.
                Files.move(fresh, machine.hostKey(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh.resolveSibling("host_key.new.pub"), machine.hostKeyPublic());
            }
            return read(machine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static HostKey read(MachineDirectory machine) throws IOException {
        String[] words = Files.readString(machine.hostKeyPublic()).strip().split("\\s+");
        return new HostKey(Files.readString(machine.hostKey()), words[0] + " " + words[1]);
    }

    @Override
    public String toString() {
        return "HostKey[" + publicKey + "]";
    }
}
