package io.pressluft.controlplane.site;

import io.pressluft.controlplane.environment.EnvironmentRuntime;
import io.pressluft.controlplane.environment.EnvironmentState;
import io.pressluft.controlplane.environment.Environments;
import io.pressluft.controlplane.environment.OutsideProof;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.job.AgentJobType;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.controlplane.job.RetryRule;
import io.pressluft.controlplane.node.Nodes;
import io.pressluft.protocol.proof.FrontPageClaim;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** {@code site_create}: the production environment of a new site, proven from inside and outside. */
@Component
class SiteCreate implements AgentJobType {

    static final String TYPE = "site_create";

    /** A node that was restarted under a creation is back soon. */
    private static final RetryRule RETRY = new RetryRule(Set.of(ErrorCode.RUN_LOST), 3, Duration.ofSeconds(5));

    private static final DateTimeFormatter RELEASE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final SiteStore sites;
    private final Environments environments;
    private final Nodes nodes;
    private final OutsideProof proof;

    SiteCreate(SiteStore sites, Environments environments, Nodes nodes, OutsideProof proof) {
        this.sites = sites;
        this.environments = environments;
        this.nodes = nodes;
        this.proof = proof;
    }

    /** The name of a release made at {@code now}, to the second. */
    static String releaseName(Instant now) {
        return RELEASE.format(now);
    }

    @Override
    public JobTraits traits() {
        return JobTraits.exclusive(TYPE, Duration.ofMinutes(5), Duration.ofMinutes(2))
                .retried(RETRY);
    }

    @Override
    public void begin(Job job) {
        nodes.keepInService(job.requireNodeId(), TYPE);
        var site = sites.find(job.requireSiteId()).orElseThrow();
        if (site.state() == EnvironmentState.CREATING) {
            return; // written in this very transaction
        }
        boolean moved = sites.move(job.requireSiteId(), EnvironmentState.CREATING, null, EnvironmentState.FAILED)
                && environments.move(job.requireEnvironmentId(), EnvironmentState.CREATING, EnvironmentState.FAILED);
        if (!moved) {
            throw SiteException.elsewhere(site, TYPE);
        }
    }

    @Override
    public void succeed(Job job) {
        environments.proven(job.requireEnvironmentId(), release(job), EnvironmentRuntime.of(job.outputs()));
        boolean moved =
                environments.move(job.requireEnvironmentId(), EnvironmentState.ACTIVE, EnvironmentState.CREATING)
                        && sites.move(job.requireSiteId(), EnvironmentState.ACTIVE, null, EnvironmentState.CREATING);
        if (!moved) {
            throw SiteException.elsewhere(sites.find(job.requireSiteId()).orElseThrow(), TYPE);
        }
    }

    @Override
    public void fail(Job job, JobFailure failure, boolean undone) {
        environments.move(job.requireEnvironmentId(), EnvironmentState.FAILED, EnvironmentState.CREATING);
        sites.move(job.requireSiteId(), EnvironmentState.FAILED, failure.code(), EnvironmentState.CREATING);
    }

    @Override
    public Optional<FrontPageClaim> claim(Job job) {
        var environment = environments.get(job.requireEnvironmentId());
        return Optional.of(
                new FrontPageClaim(environment.url(), environment.id(), environment.identity(), release(job)));
    }

    @Override
    public Optional<JobFailure> prove(Job job) throws InterruptedException {
        return proof.against(
                claim(job).orElseThrow(),
                job.requireNodeId(),
                EnvironmentRuntime.of(job.outputs()).proofKey());
    }

    private static String release(Job job) {
        return String.valueOf(job.payload().get("environment_release"));
    }
}
