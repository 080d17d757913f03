package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Contenders on a real PostgreSQL. */
@ControlPlaneTest
class JobRaceTest {

    private static final int JOBS = 800;
    private static final int ROUNDS = 200;

    private final RunningControlPlane app;
    private final JobWalk life;
    private final SampleJobs sample;

    JobRaceTest(RunningControlPlane app) {
        this.app = app;
        this.life = new JobWalk(app);
        this.sample = new SampleJobs(app);
    }

    @Test
    void two_drains_never_take_the_same_job() throws Exception {
        var node = app.rows().nodeInState("ready");
        var ids = queue(node);
        Callable<List<String>> drain = () ->
                ids.stream().filter(id -> life.dispatch(id, node).isPresent()).toList();
        assertThat(together(drain, drain)).hasSize(JOBS).doesNotHaveDuplicates();
    }

    @Test
    void of_two_exclusive_jobs_of_a_site_one_is_written() throws Exception {
        var outcomes = new ArrayList<List<String>>();
        for (int round = 0; round < ROUNDS; round++) {
            var place = sample.place();
            var both = new CyclicBarrier(2);
            Callable<List<String>> enqueue = () -> {
                both.await();
                return List.of(outcomeOf(() -> sample.exclusive(place)));
            };
            outcomes.add(together(enqueue, enqueue).stream().sorted().toList());
        }
        assertThat(outcomes).containsOnly(List.of("queued", ErrorCode.SITE_BUSY.code()));
    }

    @Test
    void of_two_requests_with_one_idempotency_key_both_get_the_same_job() throws Exception {
        var outcomes = new ArrayList<Integer>();
        for (int round = 0; round < 20; round++) {
            var key = "round-" + round;
            var body = """
                    {"slug": "race-%d", "title": "A race"}""".formatted(round);
            app.rows().readyNode();
            var both = new CyclicBarrier(2);
            Callable<List<String>> post = () -> {
                both.await();
                return List.of(app.api()
                        .post("/api/sites", body, "Idempotency-Key", key)
                        .field("job", "id"));
            };
            outcomes.add(
                    Math.toIntExact(together(post, post).stream().distinct().count()));
        }
        assertThat(outcomes).containsOnly(1);
    }

    private String outcomeOf(Callable<Job> enqueue) throws Exception {
        try {
            return enqueue.call().state().text();
        } catch (CodedException refused) {
            return refused.code().code();
        }
    }

    private static List<String> together(Callable<List<String>> one, Callable<List<String>> other)
            throws InterruptedException, ExecutionException {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> a = pool.submit(one);
            Future<List<String>> b = pool.submit(other);
            return Stream.concat(a.get().stream(), b.get().stream()).toList();
        }
    }

    private List<String> queue(String node) {
        app.jdbc().sql("""
                        INSERT INTO job (id, type, state, exclusive, payload, requested_by)
                        SELECT 'job_race' || lpad(n::text, 8, '0'), 'login_create', 'queued', false, '{}', 'me'
                        FROM generate_series(1, :jobs) n
                        """).param("jobs", JOBS).update();
        app.jdbc()
                .sql(
                        "INSERT INTO job_part (job_id, part, node_id, role, state) SELECT id, 0, :node, 'target', 'waiting' FROM job")
                .param("node", node)
                .update();
        return app.jdbc()
                .sql("SELECT id FROM job ORDER BY id")
                .query(String.class)
                .list();
    }
}
