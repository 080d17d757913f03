package io.pressluft.controlplane.alert;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedWork;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Somebody holds a snapshot of the database open, as a backup that hangs does. */
@ControlPlaneTest
class HeldSnapshotTest {

    /** As many as half an hour has with one every two seconds. */
    private static final int JOBS = 900;

    /** Of the speed at the begin. Without the index of what has not ended a look costs as much as all there ever were. */
    private static final double FLOOR = 0.33;

    private static final int WINDOW = 150;

    private final RunningControlPlane app;

    HeldSnapshotTest(RunningControlPlane app) {
        this.app = app;
    }

    @Test
    void one_that_is_held_for_long_is_seen() throws SQLException {
        try (var holder = holding()) {
            assertThat(held(Duration.ZERO)).extracting(Member::id).contains("session_" + pid(holder));
        }
    }

    @Test
    void one_that_is_held_for_a_moment_is_none() throws SQLException {
        try (var holder = holding()) {
            assertThat(pid(holder)).isPositive();
            assertThat(held(Duration.ofMinutes(10))).isEmpty();
        }
    }

    @Test
    void jobs_go_on_at_their_pace() throws SQLException {
        var node = app.rows().nodeInState("ready");
        try (var holder = holding()) {
            assertThat(pid(holder)).isPositive();
            var first = work(node, WINDOW);
            work(node, JOBS - 2 * WINDOW);
            var last = work(node, WINDOW);
            assertThat((double) first.toNanos() / last.toNanos()).isGreaterThan(FLOOR);
        }
    }

    private List<Member> held(Duration longerThan) {
        return app.bean(HeldSnapshots.class).forLongerThan(longerThan);
    }

    /** A transaction that has looked, and does nothing more. */
    private Connection holding() throws SQLException {
        var connection = app.bean(DataSource.class).getConnection();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        connection.createStatement().execute("SELECT count(*) FROM job");
        return connection;
    }

    private static int pid(Connection connection) throws SQLException {
        try (var rows = connection.createStatement().executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private Duration work(String node, int count) {
        var jobs = app.bean(Jobs.class);
        long begun = System.nanoTime();
        var ids = IntStream.range(0, count)
                .mapToObj(i -> Objects.requireNonNull(app.transaction()
                                .execute(status -> jobs.enqueue(
                                        NewJob.forNode(ScriptedWork.TYPE, node, Map.of(), new Requester("me", null)))))
                        .id())
                .toList();
        eventually(
                "all are done", () -> ids.stream().allMatch(id -> jobs.get(id).state() == JobState.SUCCEEDED));
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
