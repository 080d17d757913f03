package io.pressluft.controlplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedChange;
import io.pressluft.controlplane.harness.SettableTicks;
import io.pressluft.controlplane.job.JobFeed;
import io.pressluft.controlplane.job.JobWalk;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.node.Nodes;
import io.pressluft.controlplane.trust.NodeCertificates;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.Hello;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.ToAgent;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents that say more than they should, or do not read what they are answered. */
@ControlPlaneTest
class HastyAgentTest {

    private static final AgentSettings SETTINGS =
            new AgentSettings(Duration.ofHours(1), Duration.ofHours(3), Duration.ofHours(2), Duration.ofHours(1), 5);

    private final RunningControlPlane app;
    private final SettableTicks ticks = new SettableTicks();
    private final ScriptedCall call = new ScriptedCall();
    private StreamObserver<FromAgent> stream;
    private String node;

    HastyAgentTest(RunningControlPlane app) {
        this.app = app;
    }

    @BeforeEach
    void connect() {
        node = app.rows().readyNode();
        var links = new AgentLinks(
                app.bean(JobFeed.class),
                app.bean(Nodes.class),
                app.bean(AgentWork.class),
                SETTINGS,
                app.bean(Clock.class),
                ticks,
                app.bean(Listening.class));
        var gateway = new GatewayService(links, app.bean(NodeCertificates.class));
        Context.current()
                .withValue(PeerCertificates.NODE, node)
                .withValue(PeerCertificates.SERIAL, "1")
                .run(() -> stream = gateway.connect(call));
    }

    @AfterEach
    void disconnect() {
        stream.onCompleted();
    }

    @Test
    void an_agent_that_reads_is_asked_for_one_message_after_the_other() {
        assertThat(call.asked()).isEqualTo(1);
        beat(1);
        assertThat(call.asked()).isEqualTo(2);
    }

    @Test
    void an_agent_that_does_not_read_is_asked_for_nothing_more_until_it_does() {
        call.reads(false);
        beat(1);
        assertThat(call.asked()).isEqualTo(1);
        call.reads(true);
        assertThat(call.asked()).isEqualTo(2);
        call.reads(true);
        assertThat(call.asked()).isEqualTo(2);
    }

    @Test
    void heartbeats_that_come_too_fast_are_answered_without_asking_the_database() {
        var job = cancelled();
        stream.onNext(FromAgent.newBuilder()
                .setHello(Hello.newBuilder().addJobs(Says.inHand(job, Phase.APPLY, true)))
                .build());
        long told = verdicts();
        beat(1, job);
        assertThat(verdicts()).isEqualTo(told + 1);
        beat(2, job);
        assertThat(verdicts()).isEqualTo(told + 1);
        assertThat(call.sent.getLast().getHeartbeatSeen().getSequence()).isEqualTo(2);
        ticks.advance(SETTINGS.heartbeat());
        beat(3, job);
        assertThat(verdicts()).isEqualTo(told + 2);
    }

    /** A job that its agent is to be told to end as long as it speaks of it. */
    private String cancelled() {
        var site = app.rows().site();
        var wanted = NewJob.forEnvironment(
                ScriptedChange.TYPE,
                site,
                app.rows().environment(site, node),
                node,
                Map.of(),
                new Requester("me", null));
        var jobs = app.bean(Jobs.class);
        var job = Objects.requireNonNull(app.transaction().execute(status -> jobs.enqueue(wanted)))
                .id();
        new JobWalk(app).dispatch(job, node);
        new JobWalk(app).running(job);
        jobs.cancel(job, "me");
        return job;
    }

    private void beat(long sequence, String... jobs) {
        var beat = Says.beat(sequence, 250);
        for (var job : jobs) {
            beat.getHeartbeatBuilder().addJobs(Says.inHand(job, Phase.APPLY, true));
        }
        stream.onNext(beat.build());
    }

    private long verdicts() {
        return call.sent.stream().filter(ToAgent::hasVerdict).count();
    }
}
