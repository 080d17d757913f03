package io.pressluft.controlplane.job;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RestartableBroker;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedWork;
import io.pressluft.controlplane.harness.TestServers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Redis only makes it faster: a replica with a Redis of its own, which comes and goes. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobDeliveryTest {

    /** Far above a slow machine's commit, far below a client's patience. */
    private static final Duration PROMPT = Duration.ofSeconds(5);

    private final RestartableBroker broker = new RestartableBroker();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private RunningControlPlane replica;
    private SampleJobs sample;
    private SampleJobs.Place place;

    @BeforeAll
    void startReplica(RunningControlPlane first, TestServers servers) {
        assertThat(first.instance()).isNotNull();
        broker.start();
        replica = RunningControlPlane.replica(servers, broker.properties());
        sample = new SampleJobs(replica);
    }

    @AfterAll
    void stopReplica() throws IOException {
        broker.start();
        replica.close();
        broker.close();
    }

    @BeforeEach
    void makePlace() {
        broker.start();
        place = sample.place();
        seen.clear();
    }

    @AfterEach
    void unsubscribe() {
        feed().unsubscribeNode(place.node());
    }

    @Test
    void a_job_queued_before_anybody_listened_is_delivered() {
        var job = sample.exclusive(place);
        listen();
        delivered(job);
    }

    @Test
    void a_job_queued_while_somebody_listens_is_delivered() {
        listen();
        delivered(sample.exclusive(place));
    }

    @Test
    void a_job_queued_while_redis_is_down_is_accepted_promptly() {
        listen();
        broker.stop();
        var started = System.nanoTime();
        sample.exclusive(place);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(PROMPT);
    }

    @Test
    void a_job_queued_while_redis_is_down_is_delivered() {
        listen();
        broker.stop();
        delivered(sample.exclusive(place));
    }

    @Test
    void a_job_queued_after_redis_came_back_is_delivered() {
        listen();
        broker.stop();
        broker.start();
        delivered(sample.exclusive(place));
    }

    @Test
    void flushing_redis_loses_no_queued_job() {
        var job = sample.exclusive(place);
        flush();
        listen();
        delivered(job);
    }

    @Test
    void a_job_queued_after_redis_was_flushed_is_delivered() {
        listen();
        flush();
        delivered(sample.exclusive(place));
    }

    @Test
    void an_announcement_of_a_job_that_was_never_written_is_harmless() {
        listen();
        // A listener starts at what is newest when it first reads, so the first announcements may be before its time.
        eventually("the announcement", () -> {
            announce("job_neverwritten");
            return seen.contains("job_neverwritten");
        });
        assertThat(new JobWalk(replica).dispatch("job_neverwritten", place.node()))
                .isEmpty();
    }

    @Test
    void a_job_announced_twice_is_taken_once() {
        var job = sample.exclusive(place);
        announce(job.id());
        listen();
        delivered(job);
        var walk = new JobWalk(replica);
        assertThat(walk.dispatch(job.id(), place.node())).isPresent();
        assertThat(walk.dispatch(job.id(), place.node())).isEmpty();
    }

    @Test
    void a_request_that_is_rolled_back_announces_nothing() {
        replica.transaction().executeWithoutResult(status -> {
            var job = replica.bean(Jobs.class).enqueue(look());
            assertThat(job.state()).isEqualTo(JobState.QUEUED);
            status.setRollbackOnly();
        });
        assertThat(replica.bean(StringRedisTemplate.class).opsForStream().size(JobQueue.streamOf(place.node())))
                .isZero();
    }

    @Test
    void a_job_whose_replica_died_before_it_announced_it_is_delivered() {
        listen();
        var id = Rows.id("job", 12);
        replica.transaction().executeWithoutResult(status -> {
            var rows = replica.bean(NewJobs.class);
            rows.insert(
                    List.of(rows.draft(
                            payload -> Job.queued(id, look(), false, look().parts(PartState.WAITING)), look())),
                    false);
        });
        eventually("delivered " + id, () -> seen.contains(id));
    }

    @Test
    void a_job_whose_transaction_ends_after_a_later_one_is_delivered() throws Exception {
        listen();
        var written = new CountDownLatch(1);
        var laterIsThere = new CountDownLatch(1);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var earlier = pool.submit(() -> replica.transaction().execute(status -> {
                var job = replica.bean(Jobs.class).enqueue(look());
                written.countDown();
                await(laterIsThere);
                return job;
            }));
            written.await();
            delivered(sample.shared(place));
            laterIsThere.countDown();
            delivered(Objects.requireNonNull(earlier.get()));
        }
    }

    @Test
    void an_evicted_stream_loses_no_job() {
        listen();
        var before = sample.shared(place);
        delivered(before);
        eventually("evicted", () -> {
            announce(before.id());
            return replica.bean(StringRedisTemplate.class).delete(JobQueue.streamOf(place.node()));
        });
        delivered(sample.shared(place));
    }

    @Test
    void a_killed_redis_loses_no_queued_job() {
        var job = sample.exclusive(place);
        broker.kill();
        broker.start();
        listen();
        delivered(job);
    }

    @Test
    void a_redis_restored_from_an_old_file_has_no_job_taken_again() {
        listen();
        var old = sample.shared(place);
        delivered(old);
        broker.save();
        var walk = new JobWalk(replica);
        assertThat(walk.dispatch(old.id(), place.node())).isPresent();
        broker.kill();
        broker.start();
        delivered(sample.shared(place));
        assertThat(walk.dispatch(old.id(), place.node())).isEmpty();
    }

    @Test
    void work_is_done_while_redis_is_down() {
        broker.stop();
        var runs = new ConcurrentHashMap<String, Integer>();
        replica.bean(ScriptedWork.class).on(place.node(), (job, log) -> runs.merge(job.id(), 1, Integer::sum));
        for (int i = 0; i < 20; i++) {
            sample.enqueue(NewJob.forNode(ScriptedWork.TYPE, place.node(), Map.of(), new Requester("me", null)));
        }
        eventually("all are done", () -> ended() == 20);
        assertThat(runs.values()).allMatch(times -> times == 1);
    }

    private long ended() {
        return replica.jdbc()
                .sql("SELECT count(*) FROM job WHERE state = 'succeeded'")
                .query(Long.class)
                .single();
    }

    private NewJob look() {
        return NewJob.forEnvironment(
                "login_create", place.site(), place.environment(), place.node(), Map.of(), new Requester("me", null));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_job_that_cannot_be_taken_does_not_end_the_delivery() {
        var broken = sample.exclusive(place);
        var next = sample.shared(place);
        feed().subscribeNode(place.node(), (id, type) -> {
            if (id.equals(broken.id())) {
                throw new IllegalStateException("this job cannot be taken");
            }
            seen.add(id);
        });
        delivered(next);
    }

    @Test
    void a_thousand_jobs_of_a_silent_node_do_not_hold_up_another_node() {
        var silent = replica.rows().nodeInState("ready");
        replica.jdbc().sql("""
                        WITH waiting AS (
                            INSERT INTO job (id, type, state, exclusive, payload, requested_by, created_at)
                            SELECT 'job_wait' || lpad(n::text, 8, '0'), 'login_create', 'queued', false, '{}', 'me',
                                   now() - interval '1 hour'
                            FROM generate_series(1, 1000) n RETURNING id)
                        INSERT INTO job_part (job_id, part, node_id, role) SELECT id, 0, :node, 'target' FROM waiting
                        """).param("node", silent).update();
        var job = sample.exclusive(place);
        flush();
        listen();
        delivered(job);
    }

    private JobFeed feed() {
        return replica.bean(JobFeed.class);
    }

    private void listen() {
        feed().subscribeNode(place.node(), (id, type) -> seen.add(id));
    }

    private void announce(String job) {
        replica.bean(StringRedisTemplate.class).opsForStream().add(JobQueue.streamOf(place.node()), Map.of("job", job));
    }

    /** The connection may not know yet that the broker of the test before is back. */
    private void flush() {
        eventually("the broker forgets everything", this::flushed);
    }

    private boolean flushed() {
        try {
            replica.bean(StringRedisTemplate.class).execute((RedisCallback<Boolean>) connection -> {
                connection.serverCommands().flushAll();
                return true;
            });
            return true;
        } catch (DataAccessException away) {
            return false;
        }
    }

    private void delivered(Job job) {
        eventually("delivered " + job.id(), () -> seen.contains(job.id()));
    }
}
