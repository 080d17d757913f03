package io.pressluft.controlplane.agent;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFilter;
import io.pressluft.controlplane.job.JobRecorder;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.site.SiteRequest;
import io.pressluft.controlplane.site.Sites;
import io.pressluft.protocol.v1.FrontPage;
import io.pressluft.protocol.v1.JobOffer;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.ToAgent;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.context.SmartLifecycle;

/** A site's job between the real gateway, a scripted agent and a scripted web server. */
abstract class GatewayScene {

    final RunningControlPlane app;
    final Jobs jobs;
    final Rows rows;
    final KeyPair key = ScriptedPage.newKey();
    ScriptedPage page;
    ScriptedAgent agent;
    String node;

    GatewayScene(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.rows = app.rows();
    }

    /** The scripted web server stands where previews are looked at. */
    @BeforeAll
    void standInForPreviews() {
        app.bean("previewGateway", SmartLifecycle.class).stop();
        page = new ScriptedPage(app.instance().previewPort());
    }

    @AfterAll
    void giveBackPreviews() {
        page.close();
        app.bean("previewGateway", SmartLifecycle.class).start();
    }

    @BeforeEach
    void enrol() {
        node = rows.readyNode();
        agent = ScriptedAgent.enrolled(app, node);
        page.unsigned();
        page.afterwards(() -> {});
    }

    @AfterEach
    void disconnect() {
        agent.close();
    }

    Job createSite() {
        return createSite("A site", node);
    }

    Job createSite(String title) {
        return createSite(title, node);
    }

    Job createSite(String title, String on) {
        rows.seenReady(on);
        var slug = Rows.id("s", 6).replace('_', '-');
        return app.bean(Sites.class)
                .create(new SiteRequest(slug, title, on, null, null, null).checked(), new Requester("me", null))
                .job();
    }

    Job newest() {
        return jobs.list(JobFilter.ofNode(node), 1).getFirst();
    }

    JobOffer offered() {
        return agent.await(ToAgent::hasOffer).getOffer();
    }

    /** Offered and accepted. */
    Job accepted() {
        var job = createSite();
        agent.connect();
        offered();
        agent.send(Says.accepted(job.id()));
        return job;
    }

    /** Reported as applied, while the site serves the right page. */
    Job applied() {
        var job = accepted();
        page.signs(claimOf(job), key);
        agent.send(Says.applied(job.id(), ScriptedPage.reported(key)));
        return job;
    }

    Job proven() {
        var job = applied();
        awaitVerdict(job, Phase.COMMIT);
        agent.send(Says.committed(job.id()));
        awaitSeen(agent, job, Phase.COMMIT);
        return job;
    }

    Job refused() {
        var job = createSite();
        agent.connect();
        offered();
        agent.send(Says.refused(job.id(), "fenced_off"));
        eventually("rejected", () -> state(job) == JobState.REJECTED);
        return jobs.get(job.id());
    }

    /** The code of the job's failure when the page is as {@code serve} makes it and stays so. */
    String undoneAfterTheProof(Runnable serve) {
        var job = accepted();
        serve.run();
        page.afterwards(() -> app.ticks().advance(Duration.ofMinutes(1)));
        agent.send(Says.applied(job.id(), ScriptedPage.reported(key)));
        awaitVerdict(job, Phase.UNDO);
        agent.send(Says.undone(job.id(), true, ""));
        awaitSeen(agent, job, Phase.UNDO);
        var failure = jobs.get(job.id()).failure();
        return failure == null ? "none" : failure.code();
    }

    FrontPage claimOf(Job job) {
        var claim = app.bean(io.pressluft.controlplane.job.AgentJobs.class)
                .claim(job)
                .orElseThrow();
        return FrontPage.newBuilder()
                .setUrl(claim.url().toString())
                .setEnvironmentId(claim.environmentId())
                .setIdentity(claim.identity())
                .setRelease(claim.release())
                .build();
    }

    JobState state(Job job) {
        return jobs.get(job.id()).state();
    }

    String log(Job job) {
        return new String(app.bean(JobRecorder.class).log(job.id()), StandardCharsets.UTF_8);
    }

    void awaitVerdict(Job job, Phase phase) {
        var verdict = agent.await(message ->
                message.hasVerdict() && message.getVerdict().getJobId().equals(job.id()));
        assertThat(verdict.getVerdict().getPhase()).isEqualTo(phase);
    }

    static void awaitSeen(ScriptedAgent by, Job job, Phase phase) {
        by.await(message -> message.hasReportSeen()
                && message.getReportSeen().getJobId().equals(job.id())
                && message.getReportSeen().getPhase() == phase);
    }
}
