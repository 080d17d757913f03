package io.pressluft.controlplane.agent;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedChange;
import io.pressluft.controlplane.harness.ScriptedWork;
import io.pressluft.controlplane.harness.TestServers;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobLife;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.trust.NodeCertificates;
import io.pressluft.protocol.v1.JobOffer;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.ToAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two control planes over one database and one Redis are one, whichever of them an agent or a reader has. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicaTest {

    private static final int MANY = 300;
    private static final int MOST = 5;
    private static final Pattern NUMBER = Pattern.compile("^id: ?([0-9]+)$", Pattern.MULTILINE);

    private final RunningControlPlane first;
    private RunningControlPlane second;
    private ScriptedAgent atFirst;
    private ScriptedAgent atSecond;
    private String node;

    ReplicaTest(RunningControlPlane app) {
        this.first = app;
    }

    @BeforeAll
    void startReplica(TestServers servers) {
        second = RunningControlPlane.replica(servers, Map.of());
    }

    @AfterAll
    void stopReplica() {
        second.close();
    }

    @BeforeEach
    void enrol() {
        node = first.rows().readyNode();
        atFirst = ScriptedAgent.enrolled(first, node);
        atSecond = atFirst.at(second);
    }

    @AfterEach
    void disconnect() {
        atFirst.close();
        atSecond.close();
    }

    @Test
    void each_of_many_jobs_runs_once() {
        var runs = new ConcurrentHashMap<String, Integer>();
        for (var app : List.of(first, second)) {
            app.bean(ScriptedWork.class).on(node, (job, log) -> runs.merge(job.id(), 1, Integer::sum));
        }
        var jobs = IntStream.range(0, MANY).mapToObj(n -> work()).map(Job::id).toList();
        eventually("all are done", () -> runs.size() == MANY && unfinished() == 0);
        assertThat(runs)
                .containsOnlyKeys(jobs)
                .allSatisfy((id, times) -> assertThat(times).isOne());
    }

    @Test
    void a_job_that_a_replica_took_before_it_died_is_offered_by_the_other_one() {
        var job = change();
        assertThat(first.bean(JobLife.class).dispatch(job.id(), node, MOST)).isPresent();
        atSecond.connect();
        assertThat(offer(atSecond)).satisfies(offer -> {
            assertThat(offer.getJobId()).isEqualTo(job.id());
            assertThat(offer.getFencingToken()).isEqualTo(job.fencingToken());
        });
    }

    @Test
    void an_agent_that_moves_while_it_works_ends_its_job_at_the_other_replica() {
        var job = accepted();
        atFirst.cut();
        atSecond.connect(Says.inHand(job.id(), Phase.APPLY, false));
        atSecond.send(Says.applied(job.id(), ""));
        atSecond.await(ToAgent::hasVerdict);
        atSecond.send(Says.committed(job.id()));
        eventually("succeeded", () -> state(job) == JobState.SUCCEEDED);
    }

    @Test
    void an_agent_that_moves_is_not_offered_again_what_it_has() {
        var job = accepted();
        atFirst.cut();
        atSecond.connect(Says.inHand(job.id(), Phase.APPLY, false));
        var next = change();
        assertThat(offer(atSecond).getJobId()).isEqualTo(next.id());
    }

    @Test
    void a_verdict_that_was_given_at_the_replica_that_died_is_told_by_the_other_one() {
        var job = accepted();
        first.bean(JobLife.class).applied(job.id(), node, Map.of());
        first.bean(JobLife.class).decide(job.id(), Optional.empty());
        atFirst.cut();
        atSecond.connect(Says.inHand(job.id(), Phase.APPLY, true));
        assertThat(atSecond.await(ToAgent::hasVerdict).getVerdict().getPhase()).isEqualTo(Phase.COMMIT);
    }

    @Test
    void what_is_cancelled_at_one_replica_is_told_to_the_agent_at_the_other() {
        var job = accepted();
        second.bean(Jobs.class).cancel(job.id(), "me");
        var beat = Says.beat(1, 500);
        beat.getHeartbeatBuilder().addJobs(Says.inHand(job.id(), Phase.APPLY, false));
        atFirst.send(beat);
        assertThat(atFirst.await(ToAgent::hasVerdict).getVerdict().getPhase()).isEqualTo(Phase.UNDO);
    }

    @Test
    void a_job_queued_at_one_replica_is_offered_by_the_one_that_has_the_agent() {
        atSecond.connect();
        var job = change();
        assertThat(offer(atSecond).getJobId()).isEqualTo(job.id());
    }

    @Test
    void a_reader_that_moves_gets_every_event_once() {
        var job = change();
        var life = first.bean(JobLife.class);
        life.dispatch(job.id(), node, MOST);
        life.running(job.id(), node);
        first.bean(Jobs.class).cancel(job.id(), "me");
        life.undone(job.id(), node, JobFailure.of(ErrorCode.JOB_CANCELLED, "Told to.", null), true);
        var whole = numbers(first, job, "0");
        var seen = new ArrayList<>(whole.subList(0, 2));
        seen.addAll(numbers(second, job, seen.getLast()));
        assertThat(seen).isEqualTo(whole).hasSizeGreaterThan(3);
    }

    @Test
    void an_agent_whose_node_was_decommissioned_at_another_replica_is_put_out() {
        atSecond.connect();
        for (var state : List.of("draining", "decommissioned")) {
            first.jdbc()
                    .sql("UPDATE node SET state = :state WHERE id = :id")
                    .param("state", state)
                    .param("id", node)
                    .update();
        }
        assertThat(atSecond.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void an_agent_whose_certificate_was_revoked_at_another_replica_is_put_out_even_if_it_has_not_said_a_word() {
        atSecond.open();
        eventually(
                "a stream",
                () -> second.bean(AgentLinks.class).streams().stream()
                        .anyMatch(link -> link.nodeId().equals(node)));
        first.bean(NodeCertificates.class).revokeAll(node, "me");
        assertThat(atSecond.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void an_hour_of_difference_between_the_clocks_ends_no_job() {
        var job = accepted();
        second.clock().advance(Duration.ofHours(1));
        second.listensFor(Duration.ofMinutes(5));
        second.bean(Silence.class).look();
        assertThat(state(job)).isEqualTo(JobState.RUNNING);
    }

    private Job accepted() {
        var job = change();
        atFirst.connect();
        assertThat(offer(atFirst).getJobId()).isEqualTo(job.id());
        atFirst.send(Says.accepted(job.id()));
        eventually("running", () -> state(job) == JobState.RUNNING);
        return job;
    }

    private Job change() {
        var rows = first.rows();
        var site = rows.site();
        return enqueue(NewJob.forEnvironment(
                ScriptedChange.TYPE, site, rows.environment(site, node), node, Map.of(), new Requester("me", null)));
    }

    private Job work() {
        return enqueue(NewJob.forNode(ScriptedWork.TYPE, node, Map.of(), new Requester("me", null)));
    }

    private Job enqueue(NewJob wanted) {
        return Objects.requireNonNull(
                first.transaction().execute(status -> first.bean(Jobs.class).enqueue(wanted)));
    }

    private static JobOffer offer(ScriptedAgent agent) {
        return agent.await(ToAgent::hasOffer).getOffer();
    }

    private JobState state(Job job) {
        return first.bean(Jobs.class).get(job.id()).state();
    }

    private long unfinished() {
        return first.jdbc()
                .sql("SELECT count(*) FROM job WHERE settled_at IS NULL")
                .query(Long.class)
                .single();
    }

    private List<String> numbers(RunningControlPlane at, Job job, String after) {
        var text = at.api(first.operatorToken())
                .get("/api/jobs/" + job.id() + "/events", "Last-Event-ID", after)
                .text();
        return NUMBER.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toList());
    }
}
