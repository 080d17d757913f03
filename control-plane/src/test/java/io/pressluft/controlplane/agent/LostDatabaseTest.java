package io.pressluft.controlplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.grpc.Status;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.SettableTicks;
import io.pressluft.controlplane.harness.TestServers;
import io.pressluft.controlplane.job.JobFeed;
import io.pressluft.controlplane.job.JobLife;
import io.pressluft.controlplane.node.Nodes;
import io.pressluft.protocol.v1.ToAgent;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A control plane that cannot store what agents say has not heard them, however the loss shows itself. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostDatabaseTest {

    private static final AgentSettings SETTINGS = new AgentSettings(
            Duration.ofSeconds(3), Duration.ofSeconds(20), Duration.ofSeconds(15), Duration.ofMinutes(5), 5);

    private final SettableTicks ticks = new SettableTicks();
    private RunningControlPlane lost;
    private ScriptedAgent agent;
    private Listening listening;

    @BeforeAll
    void lose(TestServers servers) {
        lost = RunningControlPlane.alone(servers, "lost", beans -> {});
        agent = ScriptedAgent.enrolled(lost, lost.rows().readyNode()).connect();
        agent.send(Says.beat(0, 250)); // answered once all that the hello led to is done
        agent.await(ToAgent::hasHeartbeatSeen);
        ((HikariDataSource) lost.bean(DataSource.class)).close();
    }

    @AfterAll
    void stop() {
        agent.close();
        lost.close();
    }

    @BeforeEach
    void hearForLong() {
        listening = new Listening(SETTINGS, lost.clock(), ticks);
        for (int looks = 0; looks < 5; looks++) {
            ticks.advance(Duration.ofSeconds(10));
            listening.longEnough();
        }
        assertThat(listening.longEnough()).isTrue();
    }

    /** Then not a statement fails, but the transaction does not begin. */
    @Test
    void heartbeats_that_cannot_be_stored_were_not_heard() {
        new AgentLinks(
                        lost.bean(JobFeed.class),
                        lost.bean(Nodes.class),
                        lost.bean(AgentWork.class),
                        SETTINGS,
                        lost.bean(Clock.class),
                        ticks,
                        listening)
                .storeHeartbeats();
        assertThat(listening.longEnough()).isFalse();
    }

    /** It goes to the next replica, which may have its database. */
    @Test
    void an_agent_that_has_nothing_to_do_is_let_go_within_a_silence() {
        long beats = SETTINGS.silence().dividedBy(SETTINGS.heartbeat());
        for (int beat = 1; beat <= beats; beat++) {
            agent.send(Says.beat(beat, 250));
        }
        assertThat(agent.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void a_database_that_is_lost_between_looking_and_marking_interrupts_as_well(TestServers servers) {
        var there = JdbcClient.create(servers.freshDatabase("there"));
        there.sql("""
                INSERT INTO job (id, type, state, exclusive, payload, requested_by)
                VALUES ('job_000000000001', 'sample', 'queued', false, '{}', 'me');
                UPDATE job SET state = 'dispatched', dispatched_at = now(), deadline_at = now() - interval '1 hour'
                """).update();
        new Silence(there, lost.bean(JobLife.class), SETTINGS, listening).look();
        assertThat(listening.longEnough()).isFalse();
    }
}
