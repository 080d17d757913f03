package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The host's switch for forwarding IPv4. Whoever turns it on notes that it was off; the last one turns it off again. */
final class Forwarding {

    private static final Path SWITCH = Path.of("/proc/sys/net/ipv4/ip_forward");

    private final Path note;
    private final HostCommands commands;

    Forwarding(Path runDirectory, HostCommands commands) {
        this.note = runDirectory.resolve("forwarding-was-off");
        this.commands = commands;
    }

    void enable() {
        try {
            if (Files.readString(SWITCH).strip().equals("0")) {
                Files.createDirectories(note.getParent());
                Files.writeString(note, "");
                Files.writeString(SWITCH, "1");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be called when no instance has machines any more. Leaves it on while somebody else translates addresses. */
    void restore() {
        try {
            if (Files.exists(note) && !commands.check("nft", "list", "ruleset").contains("masquerade")) {
                Files.writeString(SWITCH, "0");
                Files.delete(note);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
