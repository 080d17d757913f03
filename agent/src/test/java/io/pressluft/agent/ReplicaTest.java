package io.pressluft.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.agent.far.FakeGateway;
import io.pressluft.protocol.v1.Phase;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A control plane with more than one replica: an agent knows the gateways of all. */
class ReplicaTest extends AgentTest {

    /** Nothing answers there on any machine of ours. */
    private static final String NOBODY = "127.0.0.1:1";

    private FakeGateway other;

    @BeforeEach
    void startReplica() throws IOException {
        other = gateway.replica();
        node.gateways(gateway, other);
    }

    @AfterEach
    void stopReplica() throws InterruptedException {
        other.close();
    }

    @Test
    void a_gateway_that_is_away_is_passed_over() throws Exception {
        node.gateways(NOBODY + "," + NOBODY + ",127.0.0.1:" + gateway.port());
        node.start();
        assertThat(gateway.awaitHello(1).getAgentVersion()).isNotEmpty();
    }

    @Test
    void an_agent_whose_replica_dies_goes_on_at_the_other_one() throws Exception {
        node.start();
        var here = whoever();
        var there = here == gateway ? other : gateway;
        here.offer(TestNode.offer(TestNode.JOB, 1).build());
        here.awaitReport(TestNode.JOB, Phase.APPLY);
        here.close();
        var hello = there.awaitHello(1);
        assertThat(hello.getJobsList())
                .anySatisfy(job -> assertThat(job.getJobId()).isEqualTo(TestNode.JOB));
        there.verdict(TestNode.JOB, Phase.COMMIT);
        assertThat(there.awaitReport(TestNode.JOB, Phase.COMMIT).getSucceeded()).isTrue();
        assertThat(node.effects()).containsExactly("apply");
    }

    /** The replica at which the agent has begun. */
    private FakeGateway whoever() throws Exception {
        Eventually.holds("welcomed", () -> gateway.hellos() + other.hellos() > 0);
        return gateway.hellos() > 0 ? gateway : other;
    }
}
