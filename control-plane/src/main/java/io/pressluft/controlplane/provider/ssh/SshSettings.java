package io.pressluft.controlplane.provider.ssh;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How first access works.
 *
 * @param keyWait how long a job waits for the operator to authorise the managed key
 * @param keyPoll between two looks whether that has happened; servers punish those who knock too often
 * @param machineId this host's own {@code /etc/machine-id}
 */
record SshSettings(Duration keyWait, Duration keyPoll, Path machineId) {

    SshSettings {
        if (keyPoll.isNegative() || keyPoll.isZero() || keyWait.compareTo(keyPoll) < 0) {
            throw new IllegalArgumentException(
                    "pressluft.ssh.key-wait must not be shorter than pressluft.ssh.key-poll");
        }
    }
}
