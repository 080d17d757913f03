package io.pressluft.controlplane.site;

import io.pressluft.controlplane.environment.EnvironmentState;
import io.pressluft.controlplane.environment.Environments;
import io.pressluft.controlplane.job.AgentJobType;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.protocol.proof.FrontPageClaim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** {@code site_delete}: nothing of the site stays on its node. The playbook itself checks that nothing is left. */
@Component
class SiteDelete implements AgentJobType {

    static final String TYPE = "site_delete";

    private final SiteStore sites;
    private final Environments environments;

    SiteDelete(SiteStore sites, Environments environments) {
        this.sites = sites;
        this.environments = environments;
    }

    @Override
    public JobTraits traits() {
        return JobTraits.exclusive(TYPE, Duration.ofMinutes(5), Duration.ofMinutes(2));
    }

    @Override
    public void begin(Job job) {
        boolean moved = sites.move(
                        job.requireSiteId(),
                        EnvironmentState.DELETING,
                        null,
                        EnvironmentState.ACTIVE,
                        EnvironmentState.FAILED)
                && environments.move(
                        job.requireEnvironmentId(),
                        EnvironmentState.DELETING,
                        EnvironmentState.ACTIVE,
                        EnvironmentState.FAILED);
        if (!moved) {
            throw SiteException.elsewhere(sites.find(job.requireSiteId()).orElseThrow(), TYPE);
        }
    }

    @Override
    public void begin(List<Job> jobs) {
        if (jobs.size() == 1) {
            begin(jobs.getFirst());
            return;
        }
        boolean moved = sites.move(
                        jobs.stream().map(Job::requireSiteId).toList(),
                        EnvironmentState.DELETING,
                        EnvironmentState.ACTIVE,
                        EnvironmentState.FAILED)
                && environments.move(
                        jobs.stream().map(Job::requireEnvironmentId).toList(),
                        EnvironmentState.DELETING,
                        EnvironmentState.ACTIVE,
                        EnvironmentState.FAILED);
        if (!moved) {
            throw new IllegalStateException("one of %d sites is elsewhere".formatted(jobs.size()));
        }
    }

    @Override
    public void succeed(Job job) {
        boolean moved =
                environments.move(job.requireEnvironmentId(), EnvironmentState.DELETED, EnvironmentState.DELETING)
                        && sites.move(job.requireSiteId(), EnvironmentState.DELETED, null, EnvironmentState.DELETING);
        if (!moved) {
            throw SiteException.elsewhere(sites.find(job.requireSiteId()).orElseThrow(), TYPE);
        }
    }

    @Override
    public void fail(Job job, JobFailure failure, boolean undone) {
        environments.move(job.requireEnvironmentId(), EnvironmentState.FAILED, EnvironmentState.DELETING);
        sites.move(job.requireSiteId(), EnvironmentState.FAILED, failure.code(), EnvironmentState.DELETING);
    }

    @Override
    public Optional<FrontPageClaim> claim(Job job) {
        return Optional.empty();
    }

    @Override
    public Optional<JobFailure> prove(Job job) {
        return Optional.empty();
    }
}
