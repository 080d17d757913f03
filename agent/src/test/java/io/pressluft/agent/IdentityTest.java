package io.pressluft.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.agent.far.FakeGateway;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdentityTest extends AgentTest {

    private static final FakeGateway.Life DUE = new FakeGateway.Life(Duration.ofMinutes(10), Duration.ofMinutes(3));
    private static final FakeGateway.Life LONG = new FakeGateway.Life(Duration.ZERO, Duration.ofHours(1));

    @Test
    void enrols_with_a_key_made_here_and_deletes_the_token() throws Exception {
        node.startAndConnect();

        assertThat(gateway.peers().getFirst().getSubjectX500Principal().getName())
                .isEqualTo("CN=" + TestNode.NODE);
        assertThat(node.config("enrolment-token")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node.state("identity/key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_token_that_was_spent_without_an_answer_is_tried_again_with_the_same_key() throws Exception {
        gateway.loseEnrolments(2);

        node.startAndConnect();

        assertThat(gateway.enrolledKeys()).hasSize(3);
        assertThat(gateway.enrolledKeys().stream().distinct()).hasSize(1);
    }

    @Test
    void renews_when_two_thirds_of_the_life_are_over_and_uses_the_new_certificate() throws Exception {
        gateway.issue(DUE);
        node.start();
        gateway.awaitHello(1);
        gateway.issue(LONG);

        gateway.awaitHello(2);

        var last = gateway.peers().getLast();
        assertThat(last.getSerialNumber())
                .isNotEqualTo(gateway.peers().getFirst().getSerialNumber());
        assertThat(last.getPublicKey()).isEqualTo(gateway.peers().getFirst().getPublicKey());
        Eventually.holds(
                "the new one has replaced the old", () -> !Files.exists(node.state("identity/certificate-new.pem")));
    }

    @Test
    void a_lost_renewal_is_repeated() throws Exception {
        gateway.loseRenewals(1);
        gateway.issue(new FakeGateway.Life(Duration.ofSeconds(60), Duration.ofSeconds(30)));
        node.start();
        gateway.awaitHello(1);
        gateway.issue(LONG);

        gateway.awaitHello(2);

        assertThat(gateway.peers().stream().distinct()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void the_old_certificate_is_kept_until_the_new_one_was_used() throws Exception {
        gateway.issue(DUE);
        gateway.refuseRenewedCertificates(true);
        node.start();
        gateway.awaitHello(1);
        gateway.issue(LONG);

        gateway.awaitHello(2);

        assertThat(gateway.peers().stream().map(peer -> peer.getSerialNumber()).distinct())
                .hasSize(1);
        gateway.refuseRenewedCertificates(false);
        gateway.breakStreams();
        Eventually.holds(
                "the new one is used once it is let in",
                () -> gateway.peers().stream()
                                .map(peer -> peer.getSerialNumber())
                                .distinct()
                                .count()
                        == 2);
    }

    @Test
    void an_expired_certificate_is_replaced_through_a_new_token() throws Exception {
        gateway.issue(new FakeGateway.Life(Duration.ofMinutes(10), Duration.ofMinutes(-5)));
        node.start();
        Eventually.holds("an expired certificate is held", () -> !Files.exists(node.config("enrolment-token")));
        gateway.issue(LONG);

        Files.writeString(node.config("enrolment-token"), "another-token");

        gateway.awaitHello(1);
        assertThat(gateway.enrolledKeys()).hasSize(2);
        assertThat(gateway.enrolledKeys().stream().distinct()).hasSize(1);
    }
}
