package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.job.AgentJobs;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobPart;
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

    /** @throws java.util.NoSuchElementException when the job has no part on the node */
    ToAgent of(Job job, String nodeId) {
        var part = job.partOn(nodeId).orElseThrow();
        var offer = JobOffer.newBuilder()
                .setJobId(job.id())
                .setType(part.role() == JobPart.Role.SOURCE ? job.type() + "_source" : job.type())
                .setPayload(json.writeValueAsString(job.payload()));
        if (job.fencingToken() != null && job.siteId() != null) {
            offer.setSiteId(job.siteId()).setFencingToken(job.fencingToken());
        }
        offer.setDeadlineMs(agentJobs.left(job).toMillis());
        offer.setStepDeadlineMs(agentJobs.stepDeadline(job).toMillis());
        if (part.role() == JobPart.Role.SOURCE) {
            return ToAgent.newBuilder().setOffer(offer).build(); // nothing of it is seen on this node
        }
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
