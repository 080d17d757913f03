package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.job.AgentJobs;
import io.pressluft.controlplane.job.Job;
import io.pressluft.protocol.v1.FrontPage;
import io.pressluft.protocol.v1.JobOffer;
import io.pressluft.protocol.v1.ToAgent;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes jobs as agents are offered them. */
@Component
class Offers {

    private final AgentJobs agentJobs;
    private final JsonMapper json;

    Offers(AgentJobs agentJobs, JsonMapper json) {
        this.agentJobs = agentJobs;
        this.json = json;
    }

    ToAgent of(Job job) {
        var offer = JobOffer.newBuilder()
                .setJobId(job.id())
                .setType(job.type())
                .setPayload(json.writeValueAsString(job.payload()));
        if (job.fencingToken() != null && job.siteId() != null) {
            offer.setSiteId(job.siteId()).setFencingToken(job.fencingToken());
        }
        offer.setDeadlineMs(agentJobs.left(job).toMillis());
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
