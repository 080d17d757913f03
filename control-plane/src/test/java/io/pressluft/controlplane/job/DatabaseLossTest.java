package io.pressluft.controlplane.job;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static io.pressluft.controlplane.harness.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.Api;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.CrashingDatabase;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedWork;
import io.pressluft.controlplane.harness.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** PostgreSQL is killed in the middle of everything and comes back. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseLossTest {

    private static final int READERS = 4;

    /** One is enough, unless it falls between all requests. */
    private static final int CRASHES = 5;

    /** After which a worker takes up what another one, or it itself, has lost. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private CrashingDatabase database;
    private RunningControlPlane app;
    private SampleJobs sample;
    private String node;

    @BeforeAll
    void start(TestServers servers) {
        database = new CrashingDatabase(servers);
        app = RunningControlPlane.over(servers, database);
        sample = new SampleJobs(app);
    }

    @AfterAll
    void stop() {
        app.close();
        database.close();
    }

    @BeforeEach
    void makeNode() {
        node = app.rows().readyNode();
    }

    @Test
    void what_was_acknowledged_is_there_after_a_crash() throws Exception {
        var acknowledged = ConcurrentHashMap.<String>newKeySet();
        var someAre = new CountDownLatch(20);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing = pool.submit(() -> {
                boolean lost = false;
                while (!lost) {
                    lost = !acknowledge(acknowledged);
                    someAre.countDown();
                }
            });
            someAre.await();
            database.kill();
            writing.get();
        }
        awaitDatabase();
        assertThat(app.jdbc().sql("SELECT id FROM job").query(String.class).list())
                .containsAll(acknowledged);
    }

    @Test
    void requests_are_refused_cleanly_while_the_database_recovers() throws Exception {
        var refused = new CopyOnWriteArrayList<Api.Answer>();
        var over = new AtomicBoolean();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var asking = new ArrayList<Future<?>>();
            for (int reader = 0; reader < READERS; reader++) {
                asking.add(pool.submit(() -> {
                    while (!over.get()) {
                        var answer = app.api().get("/api/jobs");
                        if (answer.status() != 200) {
                            refused.add(answer);
                        }
                    }
                }));
            }
            for (int crash = 0; crash < CRASHES && refused.isEmpty(); crash++) {
                database.kill();
                awaitDatabase();
            }
            over.set(true);
            for (var each : asking) {
                each.get();
            }
        }
        assertThat(refused).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(ErrorCode.DEPENDENCY_UNAVAILABLE.httpStatus());
            assertThat(answer.field("code")).isEqualTo(ErrorCode.DEPENDENCY_UNAVAILABLE.code());
            assertThat(answer.field("remediation")).isNotBlank();
        });
    }

    @Test
    void a_request_whose_answer_was_lost_is_repeated_without_a_second_job() {
        var body = "{\"slug\": \"crash\", \"title\": \"A crash\", \"nodeId\": \"%s\"}".formatted(node);
        var jobs = new ArrayList<String>();
        database.kill();
        eventually("an answer", () -> {
            var answer = app.api().post("/api/sites", body, "Idempotency-Key", "crash-1");
            if (answer.status() == 202) {
                jobs.add(answer.field("job", "id"));
            }
            return answer.status() == 202;
        });
        awaitDatabase();
        jobs.add(
                app.api().post("/api/sites", body, "Idempotency-Key", "crash-1").field("job", "id"));
        assertThat(jobs).hasSize(2).containsOnly(jobs.getFirst());
    }

    @Test
    void work_goes_on_after_the_crash() {
        var ran = ConcurrentHashMap.<String>newKeySet();
        app.bean(ScriptedWork.class).on(node, (job, log) -> ran.add(job.id()));
        var before = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            before.add(work());
        }
        database.kill();
        awaitDatabase();
        var after = work();
        within(SILENCE.multipliedBy(2), "all succeeded", () -> unfinished() == 0);
        assertThat(states(before)).containsOnly("succeeded");
        assertThat(states(List.of(after))).containsOnly("succeeded");
        assertThat(ran).contains(after);
    }

    private boolean acknowledge(java.util.Set<String> acknowledged) {
        try {
            acknowledged.add(work());
            return true;
        } catch (DataAccessException | TransactionException away) {
            return false;
        }
    }

    private String work() {
        return sample.enqueue(NewJob.forNode(ScriptedWork.TYPE, node, Map.of(), new Requester("me", null)))
                .id();
    }

    private List<String> states(List<String> ids) {
        return app.jdbc()
                .sql("SELECT DISTINCT state FROM job WHERE id IN (:ids)")
                .param("ids", ids)
                .query(String.class)
                .list();
    }

    private long unfinished() {
        try {
            return app.jdbc()
                    .sql("SELECT count(*) FROM job WHERE settled_at IS NULL")
                    .query(Long.class)
                    .single();
        } catch (DataAccessException away) {
            return -1;
        }
    }

    /** Connections that broke are found out when they are used next, each at the cost of one refusal; those are over, too. */
    private void awaitDatabase() {
        eventually("the database", () -> unfinished() >= 0);
        var pool = ((HikariDataSource) app.bean(DataSource.class)).getHikariPoolMXBean();
        pool.softEvictConnections();
    }
}
