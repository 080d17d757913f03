package io.pressluft.controlplane.trust;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.settings.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.springframework.stereotype.Component;

/** The Ed25519 SSH key with which the control plane acquires, provisions and probes nodes; made once, then reused. */
@Component
public class ManagedKey {

    private final Path file;

    ManagedKey(Instance instance) {
        this.file = instance.dataDirectory().resolve("keys/managed_ed25519");
    }

    /** The private key's file, readable by its owner only. @throws KeyException when it cannot be made */
    public synchronized Path path() {
        if (!Files.exists(file)) {
            generate();
        }
        return file;
    }

    /** The public half as one line of {@code authorized_keys}, without a line end. */
    public String publicLine() {
        try {
            return Files.readString(Path.of(path() + ".pub")).strip();
        } catch (IOException e) {
            throw new KeyException("The managed key's public half cannot be read.", e);
        }
    }

    private void generate() {
        try {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(file.getParent(), owner);
            var fresh = file.resolveSibling("managed_ed25519.new");
            Files.deleteIfExists(fresh);
            var command =
                    List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "pressluft", "-f", fresh.toString());
            int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (exit != 0) {
                throw new KeyException("ssh-keygen ended with " + exit + ".", null);
            }
            Files.move(Path.of(fresh + ".pub"), Path.of(file + ".pub"));
            Files.move(fresh, file);
        } catch (IOException e) {
            throw new KeyException("The managed key could not be made: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeyException("Making the managed key was interrupted.", e);
        }
    }

    /** The key cannot be made or read. */
    public static final class KeyException extends CodedException {
        KeyException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(ErrorCode.KEY_GENERATION_FAILED, message, List.of(), null, cause);
        }
    }
}
