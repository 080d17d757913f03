package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.IllegalTransactionStateException;

/** Jobs that are asked for at the same moment, on a real PostgreSQL. */
@ControlPlaneTest
class SubmissionsTest {

    private static final int SITES = 40;

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final Rows rows;
    private final SampleJobs sample;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    SubmissionsTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.rows = app.rows();
        this.sample = new SampleJobs(app);
    }

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void each_site_moves_with_its_job() throws Exception {
        var places = places();
        for (var job : submitted(places)) {
            job.get();
        }
        assertThat(app.jdbc().sql("""
                                SELECT DISTINCT s.state || ' ' || j.state || ' ' || j.fencing_token || ' ' || e.state
                                FROM site s JOIN job j ON j.site_id = s.id JOIN environment e ON e.id = j.environment_id
                                """).query(String.class).list()).containsExactly("deleting queued 1 deleting");
        assertThat(rows.count("job")).isEqualTo(SITES);
    }

    @Test
    void each_job_has_its_part_its_event_and_its_line_in_the_audit_log() throws Exception {
        var places = places();
        for (var job : submitted(places)) {
            var id = job.get().id();
            assertThat(job.get()).isEqualTo(jobs.get(id));
            assertThat(app.bean(JobRecorder.class).eventsAfter(id, 0))
                    .singleElement()
                    .extracting(JobEvent::body)
                    .asString()
                    .contains(id, "\"queued\"", "\"fencingToken\": 1", "\"createdAt\"");
            assertThat(lines(id)).containsExactly("site_delete requested");
        }
    }

    private List<String> lines(String jobId) {
        return app.jdbc()
                .sql("SELECT action || ' ' || outcome FROM audit_entry WHERE job_id = :id")
                .param("id", jobId)
                .query(String.class)
                .list();
    }

    @Test
    void one_for_a_busy_site_is_refused_and_the_others_are_written() throws Exception {
        var places = places();
        var busy = places.get(SITES / 2);
        var before = jobs.submit(deletion(busy));
        var refused = 0;
        for (var job : submitted(places)) {
            try {
                job.get();
            } catch (ExecutionException e) {
                assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                CodedException.class,
                                coded -> assertThat(coded.code()).isEqualTo(ErrorCode.SITE_BUSY))
                        .hasMessageContaining(before.id());
                refused++;
            }
        }
        assertThat(refused).isEqualTo(1);
        assertThat(rows.count("job")).isEqualTo(SITES);
    }

    @Test
    void of_two_for_the_same_site_one_is_written() throws Exception {
        var place = deletable();
        var outcomes =
                submitted(List.of(place, place)).stream().map(this::outcome).sorted();
        assertThat(outcomes).containsExactly("queued", ErrorCode.SITE_BUSY.code());
    }

    private String outcome(Future<Job> job) {
        try {
            return job.get().state().text();
        } catch (ExecutionException e) {
            return e.getCause() instanceof CodedException coded ? coded.code().code() : String.valueOf(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void one_that_waits_for_a_lock_does_not_hold_up_the_others() throws Exception {
        var held = deletable();
        var free = deletable();
        var holds = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var holder = clients.submit(() -> app.transaction().execute(status -> {
            app.jdbc()
                    .sql("SELECT id FROM site WHERE id = :id FOR UPDATE")
                    .param("id", held.site())
                    .query(row -> {});
            holds.countDown();
            awaited(release);
            return true;
        }));
        holds.await();
        var waits = clients.submit(() -> jobs.submit(deletion(held)));
        assertThat(clients.submit(() -> jobs.submit(deletion(free))).get().siteId())
                .isEqualTo(free.site());
        assertThat(waits.isDone()).isFalse();
        release.countDown();
        assertThat(holder.get()).isTrue();
        assertThat(waits.get().siteId()).isEqualTo(held.site());
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_transaction_of_the_caller_is_not_shared() {
        var place = deletable();
        assertThatThrownBy(() -> app.transaction().execute(status -> jobs.submit(deletion(place))))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    private List<SampleJobs.Place> places() {
        return Stream.generate(this::deletable).limit(SITES).toList();
    }

    private SampleJobs.Place deletable() {
        var place = sample.place();
        rows.move(place.site(), "active");
        return place;
    }

    private List<Future<Job>> submitted(List<SampleJobs.Place> places) {
        return places.stream()
                .map(place -> clients.submit(() -> jobs.submit(deletion(place))))
                .toList();
    }

    private static NewJob deletion(SampleJobs.Place place) {
        return NewJob.forEnvironment(
                "site_delete",
                place.site(),
                place.environment(),
                place.node(),
                Map.of("site_id", place.site()),
                new Requester("me", null));
    }
}
