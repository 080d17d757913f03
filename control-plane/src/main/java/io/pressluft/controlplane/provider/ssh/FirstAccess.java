package io.pressluft.controlplane.provider.ssh;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.ssh.SshAddress;
import io.pressluft.controlplane.ssh.SshFailure;
import io.pressluft.controlplane.ssh.SshSession;
import io.pressluft.controlplane.trust.Secret;
import io.pressluft.protocol.time.Elapsed;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How the managed key comes onto a machine, and how it is seen to have left. */
final class FirstAccess {

    /** A node's agent takes the key away a moment after its job has ended. */
    private static final Duration LEAVING = Duration.ofSeconds(90);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final SshSettings settings;

    FirstAccess(SshSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns when the key is accepted.
     *
     * @return whether it was put there just now
     */
    boolean gain(AcquisitionSpec spec, SshAddress at, String hostKey, Progress progress) throws SshFailure {
        progress.step("sign in as " + at.user(), at.toString());
        if (accepted(spec, at, hostKey)) {
            progress.log("the managed key is authorised already");
            return false;
        }
        var password = spec.oneTimePassword();
        if (password == null) {
            awaitKey(spec, at, hostKey, progress);
            return false;
        }
        authorise(spec, at, hostKey, password);
        if (!accepted(spec, at, hostKey)) {
            throw keyFailed(at, "the machine refuses the key that was added to authorized_keys");
        }
        progress.log("the one-time password put the managed key into authorized_keys; it is not kept");
        return true;
    }

    private static void authorise(AcquisitionSpec spec, SshAddress at, String hostKey, Secret password)
            throws SshFailure {
        try (var session = SshSession.withPassword(at, hostKey, password)) {
            var problem = new AuthorizedKeys(spec.sshPublicKey()).add(session);
            if (!problem.isEmpty()) {
                throw keyFailed(at, problem);
            }
        } catch (SshFailure failed) {
            if (failed.why() != SshFailure.Why.REFUSED) {
                throw failed;
            }
            throw new ProviderException(
                    "ssh_auth_failed",
                    "%s refuses the one-time password of %s.".formatted(at, at.user()),
                    "Check user and password, and that the machine allows passwords over SSH. The password was not kept:"
                            + " create the node again, or authorise the managed key and retry the job.",
                    failed);
        }
    }

    private static ProviderException keyFailed(SshAddress at, String why) {
        return new ProviderException(
                "key_injection_failed",
                "The managed key could not be authorised for %s at %s: %s.".formatted(at.user(), at, why),
                "Authorise the key by hand (pressluft node key shows the line), then retry the job.");
    }

    private void awaitKey(AcquisitionSpec spec, SshAddress at, String hostKey, Progress progress) throws SshFailure {
        var minutes = settings.keyWait().toMinutes();
        progress.step(
                "wait until the managed key is authorised for %s".formatted(at.user()),
                "up to %d minutes; run this on the machine as %s:".formatted(minutes, at.user()));
        progress.log(AuthorizedKeys.command(spec.sshPublicKey()));
        var waited = Elapsed.begin();
        while (!accepted(spec, at, hostKey)) {
            if (waited.exceeds(settings.keyWait())) {
                throw new ProviderException(
                        "ssh_auth_failed",
                        "The managed key was not authorised for %s at %s within %d minutes."
                                .formatted(at.user(), at, minutes),
                        "Run this on the machine as %s, then retry the job: %s"
                                .formatted(at.user(), AuthorizedKeys.command(spec.sshPublicKey())));
            }
            pause(settings.keyPoll());
        }
    }

    /**
     * Returns when the key is refused, or when it turns out to be there for another node. A key that opens a shell is taken
     * away; one that runs the probe still guards this node.
     */
    void lose(AcquisitionSpec spec, SshAddress at, String hostKey, Progress progress) throws SshFailure {
        var leaving = Elapsed.begin();
        var problem = "";
        while (true) {
            try (var session = SshSession.withKey(at, hostKey, spec.sshKeyPath())) {
                var look = MachineLook.at(session);
                if (look.fact("claim").startsWith("node_") && look.belongsToAnother(spec.nodeId())) {
                    progress.log(
                            "the machine belongs to node %s and keeps the key for it".formatted(look.fact("claim")));
                    return;
                }
                if (!look.narrowed()) {
                    problem = new AuthorizedKeys(spec.sshPublicKey()).remove(session);
                }
            } catch (SshFailure refused) {
                if (refused.why() == SshFailure.Why.REFUSED) {
                    return;
                }
                throw refused;
            }
            if (leaving.exceeds(LEAVING)) {
                throw new ProviderException(
                        "release_incomplete",
                        problem.isEmpty()
                                ? "The machine still accepts the managed key."
                                : "The managed key cannot be taken out of authorized_keys: %s.".formatted(problem),
                        "Read the journal of pressluft-leave on the machine, remove the cause and retry the job.");
            }
            pause(BETWEEN_LOOKS);
        }
    }

    private static boolean accepted(AcquisitionSpec spec, SshAddress at, String hostKey) throws SshFailure {
        try (var session = SshSession.withKey(at, hostKey, spec.sshKeyPath())) {
            return session.script("exit 0", LIMIT).exit() == 0;
        } catch (SshFailure refused) {
            if (refused.why() == SshFailure.Why.REFUSED) {
                return false;
            }
            throw refused;
        }
    }

    private static void pause(Duration time) {
        try {
            new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderException(
                    "interrupted", "Waiting was interrupted.", "Repeat the request; it continues.", e);
        }
    }
}
