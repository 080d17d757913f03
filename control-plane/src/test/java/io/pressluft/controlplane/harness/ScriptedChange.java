package io.pressluft.controlplane.harness;

import io.pressluft.controlplane.job.AgentJobType;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.protocol.proof.FrontPageClaim;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A change to a site that agents apply and that shows nowhere; a test says whether it proves itself. */
public final class ScriptedChange implements AgentJobType {

    public static final String TYPE = "scripted_change";

    private final Map<String, JobFailure> against = new ConcurrentHashMap<>();
    private final Map<String, String> ends = new ConcurrentHashMap<>();

    /** Changes to the site do not prove themselves from now on. */
    public void refuse(String siteId, JobFailure reason) {
        against.put(siteId, reason);
    }

    /** How the newest change of the site ended, in the words of the resource: succeeded, undone or half. */
    public @Nullable String endOf(String siteId) {
        return ends.get(siteId);
    }

    @Override
    public JobTraits traits() {
        return JobTraits.exclusive(TYPE, Duration.ofMinutes(1), Duration.ofSeconds(30));
    }

    @Override
    public void begin(Job job) {
        ends.remove(job.requireSiteId());
    }

    @Override
    public void succeed(Job job) {
        ends.put(job.requireSiteId(), "succeeded");
    }

    @Override
    public void fail(Job job, JobFailure failure, boolean undone) {
        ends.put(job.requireSiteId(), undone ? "undone" : "half");
    }

    @Override
    public Optional<FrontPageClaim> claim(Job job) {
        return Optional.empty();
    }

    @Override
    public Optional<JobFailure> prove(Job job) {
        return Optional.ofNullable(against.get(job.requireSiteId()));
    }
}
