package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The operator's view of an acquired machine: OpenSSH, with exactly the promised host key. */
record Machine(Target target, Path knownHosts) {

    static Machine at(Target target, Path directory) {
        try {
            return new Machine(
                    target,
                    Files.writeString(
                            directory.resolve("known_hosts"), target.privateAddress() + " " + target.hostKey() + "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostCommands.Output run(String command) {
        return new HostCommands()
                .run(
                        Duration.ofSeconds(90),
                        line -> {},
                        List.of(
                                "ssh",
                                "-i",
                                target.sshKeyPath().toString(),
                                "-o",
                                "BatchMode=yes",
                                "-o",
                                "StrictHostKeyChecking=yes",
                                "-o",
                                "UserKnownHostsFile=" + knownHosts,
                                "-o",
                                "LogLevel=ERROR",
                                target.sshUser() + "@" + target.privateAddress(),
                                command));
    }

    String answer(String command) {
        return run(command).out().strip();
    }
}
