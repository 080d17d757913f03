package io.pressluft.controlplane.environment;

import io.pressluft.controlplane.id.Ids;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.protocol.time.Elapsed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Service;

/** One-time links into wp-admin: single use, one minute. The token is made here and never stored, here or on the node. */
@Service
public class LoginLinks {

    private static final Duration LIFETIME = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_MS = 50;
    private static final int TOKEN_BYTES = 32;

    private final Environments environments;
    private final Jobs jobs;
    private final Ids ids;
    private final Clock clock;

    LoginLinks(Environments environments, Jobs jobs, Ids ids, Clock clock) {
        this.environments = environments;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    /** A link and the moment it stops working. */
    public record Link(String url, Instant expiresAt) {}

    /** Takes about two seconds. @throws EnvironmentException when the environment is not active or the job fails */
    public Link create(String environmentId, Requester requester) throws InterruptedException {
        var environment = environments.get(environmentId);
        if (environment.state() != EnvironmentState.ACTIVE) {
            throw EnvironmentException.notActive(environment);
        }
        var token = ids.hex(TOKEN_BYTES);
        var expires = clock.instant().plus(LIFETIME);
        var job = jobs.submit(NewJob.forEnvironment(
                LoginLink.TYPE,
                environment.siteId(),
                environment.id(),
                environment.nodeId(),
                Map.of(
                        "environment_id", environment.id(),
                        "site_id", environment.siteId(),
                        "environment_login_hash", sha256(token),
                        "environment_login_user", environment.adminUser()),
                requester));
        awaitSuccess(job.id());
        return new Link(environment.url() + "/?pressluft_login=" + token, expires);
    }

    private void awaitSuccess(String jobId) throws InterruptedException {
        var waited = Elapsed.begin();
        var never = new CountDownLatch(1);
        while (true) {
            var state = jobs.get(jobId).state();
            if (state == JobState.SUCCEEDED) {
                return;
            }
            if (state.terminal() || waited.exceeds(PATIENCE)) {
                throw EnvironmentException.loginFailed(jobId);
            }
            never.await(LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
