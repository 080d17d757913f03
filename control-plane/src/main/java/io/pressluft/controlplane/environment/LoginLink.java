package io.pressluft.controlplane.environment;

import io.pressluft.controlplane.job.AgentJobType;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.protocol.proof.FrontPageClaim;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** {@code login_create}: leaves the hash of a one-time token in the environment. Changes nothing else. */
@Component
class LoginLink implements AgentJobType {

    static final String TYPE = "login_create";

    @Override
    public JobTraits traits() {
        return JobTraits.shared(TYPE, Duration.ofSeconds(60), Duration.ofSeconds(30));
    }

    @Override
    public void begin(Job job) {}

    @Override
    public void succeed(Job job) {}

    @Override
    public void fail(Job job, JobFailure failure, boolean undone) {}

    @Override
    public Optional<FrontPageClaim> claim(Job job) {
        return Optional.empty();
    }

    /** Nothing is served differently; the link itself shows whether it works. */
    @Override
    public Optional<JobFailure> prove(Job job) {
        return Optional.empty();
    }
}
