package io.pressluft.agent.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The one-time token that provisioning left on the node. */
public record EnrolmentToken(Path file) {

    public Optional<String> read() throws IOException {
        return Files.exists(file)
                ? Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty())
                : Optional.empty();
    }

    /** Called when the certificate it bought is on the disk. */
    public void spent() throws IOException {
        Files.deleteIfExists(file);
    }
}
