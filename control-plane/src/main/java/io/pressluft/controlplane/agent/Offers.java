package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.job.AgentJobs;
import io.pressluft.controlplane.job.Job;
import io.pressluft.protocol.v1.FrontPage;
import io.pressluft.protocol.v1.JobOffer;
import io.pressluft.protocol.v1.ToAgent;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes jobs as agents are offered them. */
@Component
class Offers {

    private final AgentJobs agentJobs;
    private final JsonMapper json;
    private final Clock clock;

    Offers(AgentJobs agentJobs, JsonMapper json, Clock clock) {
        this.agentJobs = agentJobs;
        this.json = json;
        this.clock = clock;
    }

    ToAgent of(Job job) {
        var offer = JobOffer.newBuilder()
                .setJobId(job.id())
                .setType(job.type())
                .setPayload(json.writeValueAsString(job.payload()));
        if (job.fencingToken() != null && job.siteId() != null) {
            offer.setSiteId(job.siteId()).setFencingToken(job.fencingToken());
        }
        if (job.deadlineAt() != null) {
            offer.setDeadlineMs(
                    Duration.between(clock.instant(), job.deadlineAt()).toMillis());
        }
        offer.setStepDeadlineMs(agentJobs.stepDeadline(job).toMillis());
        agentJobs
                .claim(job)
                .ifPresent(claim -> offer.setFrontPage(FrontPage.newBuilder()
                        .setUrl(claim.url().toString())
                        .setEnvironmentId(claim.environmentId())
                        .setIdentity(claim.identity())
                        .setRelease(claim.release())));
        return ToAgent.newBuilder().setOffer(offer).build();
    }
}
