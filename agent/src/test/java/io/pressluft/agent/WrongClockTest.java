package io.pressluft.agent;

import static io.pressluft.agent.TestNode.JOB;
import static io.pressluft.agent.TestNode.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.agent.far.FakeGateway.Life;
import io.pressluft.protocol.v1.Phase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's clock is one hour off, on either side. */
class WrongClockTest extends AgentTest {

    @BeforeEach
    void certificatesLiveForDays() {
        gateway.issue(new Life(Duration.ofHours(2), Duration.ofDays(7)));
    }

    @ParameterizedTest
    @ValueSource(longs = {60, -60})
    void a_job_is_done_in_its_time(long minutes) throws Exception {
        node.clockOff(Duration.ofMinutes(minutes));
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).setDeadlineMs(20_000).build());
        assertThat(gateway.awaitReport(JOB, Phase.APPLY).getSucceeded()).isTrue();
        gateway.verdict(JOB, Phase.UNDO);
        assertThat(gateway.awaitReport(JOB, Phase.UNDO).getSucceeded()).isTrue();
        assertThat(node.effects()).containsExactly("apply", "undo");
    }

    @ParameterizedTest
    @ValueSource(longs = {60, -60})
    void a_step_that_hangs_is_ended_after_its_own_time(long minutes) throws Exception {
        node.playbook("site-create.yml", "started 1 'Make the database'; exec sleep 60");
        node.clockOff(Duration.ofMinutes(minutes));
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).setStepDeadlineMs(400).build());
        assertThat(gateway.awaitReport(JOB, Phase.UNDO).getCode()).isEqualTo("step_deadline_exceeded");
    }
}
