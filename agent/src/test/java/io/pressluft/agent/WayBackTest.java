package io.pressluft.agent;

import static io.pressluft.agent.TestNode.JOB;
import static io.pressluft.agent.TestNode.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.agent.far.FakeGateway;
import io.pressluft.protocol.v1.JobInHand;
import io.pressluft.protocol.v1.Phase;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that is not let in any more comes back with a new token, and nothing else of it changes. */
class WayBackTest extends AgentTest {

    private static final FakeGateway.Life OVER = new FakeGateway.Life(Duration.ofDays(8), Duration.ofDays(-1));

    @Test
    void a_node_whose_certificate_expired_while_it_was_off_comes_back_with_its_jobs() throws Exception {
        node.playbook("site-create.yml", "started 1 One; wait_for go; ended 1 One ok; finished succeeded; effect end");
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitStep(JOB, "One");
        node.stop();
        node.release("go");
        Eventually.holds("ended", () -> node.effects().contains("end"));
        var first = gateway.peers().getFirst();
        Files.writeString(node.state("identity/certificate.pem"), gateway.reissued(first, OVER));
        node.start();

        Files.writeString(node.config("enrolment-token"), "another-token\n");

        assertThat(gateway.awaitHello(2).getJobsList())
                .extracting(JobInHand::getJobId)
                .containsExactly(JOB);
        assertThat(gateway.awaitReport(JOB, Phase.APPLY).getSucceeded()).isTrue();
        assertThat(node.effects()).containsExactly("end");
        assertThat(gateway.peers().getLast().getSerialNumber()).isNotEqualTo(first.getSerialNumber());
        assertThat(gateway.peers().getLast().getPublicKey()).isEqualTo(first.getPublicKey());
        assertThat(node.config("enrolment-token")).doesNotExist();
    }

    @Test
    void a_node_whose_certificate_is_refused_before_its_time_comes_back_as_well() throws Exception {
        node.startAndConnect();
        gateway.revoke(gateway.peers().getFirst());
        gateway.breakStreams();

        Files.writeString(node.config("enrolment-token"), "another-token\n");

        gateway.awaitHello(2);
        assertThat(gateway.enrolledKeys()).hasSize(2);
        assertThat(gateway.enrolledKeys().stream().distinct()).hasSize(1);
    }

    @Test
    void a_token_is_left_alone_while_the_node_is_let_in() throws Exception {
        node.startAndConnect();
        Files.writeString(node.config("enrolment-token"), "another-token\n");

        gateway.breakStreams();

        gateway.awaitHello(2);
        assertThat(gateway.enrolledKeys()).hasSize(1);
        assertThat(node.config("enrolment-token")).exists();
    }

    @Test
    void a_token_that_buys_nothing_does_not_keep_a_good_certificate_out() throws Exception {
        node.startAndConnect();
        node.stop();
        gateway.refuseTokens(true);
        Files.writeString(node.config("enrolment-token"), "an-old-token\n");
        node.clockOff(Duration.ofHours(2));

        node.start();

        gateway.awaitHello(2);
        assertThat(gateway.enrolledKeys()).hasSize(1);
    }
}
