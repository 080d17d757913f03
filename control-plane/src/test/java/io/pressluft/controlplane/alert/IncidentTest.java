package io.pressluft.controlplane.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.TestServers;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.Requester;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many troubles are one incident, which opens and clears once. */
@ControlPlaneTest
class IncidentTest {

    private static final int MANY = 1_000;

    private final RunningControlPlane app;
    private final SampleTrouble trouble;

    IncidentTest(RunningControlPlane app) {
        this.app = app;
        this.trouble = new SampleTrouble(app);
    }

    @BeforeEach
    void beThereForLong() {
        trouble.heardFor(Duration.ofMinutes(5));
    }

    @Test
    void a_thousand_silent_agents_are_one_incident() {
        IntStream.range(0, MANY).forEach(i -> trouble.silentNode());
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("agent_silent:open:1000");
    }

    @Test
    void an_incident_grows_without_another() {
        trouble.silentNode();
        trouble.settle();
        trouble.silentNode();
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("agent_silent:open:2");
    }

    @Test
    void it_does_not_clear_while_one_member_is_left() {
        var first = trouble.silentNode();
        trouble.silentNode();
        trouble.settle();
        trouble.heard(first);
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("agent_silent:open:2");
    }

    @Test
    void it_clears_when_it_has_had_no_member_for_a_while() {
        var node = trouble.silentNode();
        trouble.settle();
        trouble.heard(node);
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("agent_silent:cleared:1");
    }

    @Test
    void it_does_not_clear_at_once() {
        var node = trouble.silentNode();
        trouble.settle();
        trouble.heard(node);
        trouble.look();
        assertThat(trouble.incidents()).containsExactly("agent_silent:open:1");
    }

    @Test
    void what_begins_again_is_another_incident() {
        var node = trouble.silentNode();
        trouble.settle();
        trouble.heard(node);
        trouble.settle();
        trouble.silence(node);
        trouble.settle();
        assertThat(trouble.incidents()).containsExactlyInAnyOrder("agent_silent:cleared:1", "agent_silent:open:1");
    }

    @Test
    void one_that_comes_and_goes_is_one_incident() {
        var node = trouble.silentNode();
        trouble.settle();
        for (int i = 0; i < 10; i++) {
            trouble.heard(node);
            trouble.look();
            trouble.timePasses(Duration.ofMinutes(2));
            trouble.look();
            trouble.silence(node);
            trouble.look();
            trouble.timePasses(Duration.ofMinutes(1));
        }
        trouble.look();
        assertThat(trouble.incidents()).containsExactly("agent_silent:open:1");
        assertThat(app.jdbc()
                        .sql("SELECT messages FROM incident")
                        .query(Integer.class)
                        .single())
                .isOne();
    }

    @Test
    void what_cleared_long_ago_is_forgotten_with_all_about_it() {
        var node = trouble.silentNode();
        trouble.settle();
        trouble.heard(node);
        trouble.settle();
        app.jdbc()
                .sql("UPDATE incident SET cleared_at = now() - interval '89 days'")
                .update();
        trouble.look();
        assertThat(trouble.incidents()).hasSize(1);
        app.jdbc()
                .sql("UPDATE incident SET cleared_at = now() - interval '91 days'")
                .update();
        trouble.look();
        assertThat(app.jdbc()
                        .sql("SELECT (SELECT count(*) FROM incident) + (SELECT count(*) FROM incident_member)")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void what_is_over_before_anybody_was_told_is_forgotten() {
        var node = trouble.silentNode();
        trouble.look();
        trouble.heard(node);
        trouble.settle();
        assertThat(trouble.incidents()).isEmpty();
    }

    @Test
    void a_node_that_goes_for_good_is_no_member_any_more() {
        var node = trouble.silentNode();
        trouble.settle();
        for (var state : List.of("draining", "decommissioned")) {
            app.jdbc()
                    .sql("UPDATE node SET state = :state WHERE id = :id")
                    .param("state", state)
                    .param("id", node)
                    .update();
        }
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("agent_silent:cleared:1");
    }

    @Test
    void a_node_that_was_never_heard_is_not_silent() {
        app.rows().nodeInState("ready");
        trouble.settle();
        assertThat(trouble.incidents()).isEmpty();
    }

    @Test
    void a_stalled_job_opens_one() {
        trouble.stalledJob();
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("job_stalled:open:1");
    }

    @Test
    void a_job_that_was_resolved_is_no_member_any_more() {
        var job = trouble.stalledJob();
        trouble.settle();
        app.bean(Jobs.class).resolve(job, "me");
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("job_stalled:cleared:1");
    }

    @Test
    void a_job_that_nobody_takes_opens_one() {
        trouble.waitingJob();
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("job_waiting:open:1");
    }

    @Test
    void a_change_that_could_not_be_undone_opens_one() {
        trouble.halfMadeJob();
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("change_half_made:open:1");
    }

    @Test
    void a_change_about_which_something_was_done_is_no_member_any_more() {
        var job = trouble.halfMadeJob();
        trouble.settle();
        app.bean(Jobs.class).retry(job, new Requester("me", null));
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("change_half_made:cleared:1");
    }

    @Test
    void the_jobs_of_silent_agents_are_no_incident_of_their_own() {
        var node = trouble.lastingNode();
        trouble.stalledJobOn(node);
        trouble.silence(node);
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("agent_silent:open:1");
    }

    @Test
    void a_job_that_stays_stalled_when_its_agent_is_back_becomes_one() {
        var node = trouble.lastingNode();
        trouble.stalledJobOn(node);
        trouble.silence(node);
        trouble.settle();
        trouble.heard(node);
        trouble.settle();
        assertThat(trouble.incidents()).containsExactlyInAnyOrder("agent_silent:cleared:1", "job_stalled:open:1");
    }

    /** It would be said to be over although the job is as stalled as before. */
    @Test
    void an_incident_of_jobs_does_not_clear_because_the_agent_falls_silent_too() {
        var node = trouble.lastingNode();
        trouble.stalledJobOn(node);
        trouble.settle();
        trouble.silence(node);
        trouble.settle();
        assertThat(trouble.incidents()).containsExactlyInAnyOrder("job_stalled:open:1", "agent_silent:open:1");
    }

    @Test
    void a_control_plane_that_was_away_calls_no_agent_silent(TestServers servers) {
        var node = trouble.silentNode();
        try (var replica = RunningControlPlane.replica(servers, Map.of("pressluft.agent.silence", "10m"))) {
            var seen = replica.bean(Sightings.class).now();
            assertThat(seen.get(IncidentKind.AGENT_SILENT)).satisfies(agents -> {
                assertThat(agents.present()).extracting(Member::id).containsExactly(node);
                assertThat(agents.joining()).isEmpty();
            });
        }
    }

    @Test
    void two_replicas_that_watch_at_once_open_one(TestServers servers) throws Exception {
        trouble.silentNode();
        trouble.look();
        trouble.timePasses();
        try (var replica = RunningControlPlane.replica(servers, Map.of());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var watches = List.of(app.bean(Watch.class), replica.bean(Watch.class));
            var looks = IntStream.range(0, 400)
                    .mapToObj(i -> threads.submit(() -> watches.get(i % 2).look()))
                    .toList();
            for (var look : looks) {
                look.get();
            }
        }
        assertThat(trouble.incidents()).containsExactly("agent_silent:open:1");
    }
}
