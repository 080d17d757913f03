package io.pressluft.controlplane.job;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.ArrayList;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writing a job: with the resource's state, or not at all. */
@ControlPlaneTest
class JobsTest {

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final Rows rows;
    private final SampleJobs sample;
    private SampleJobs.Place place;

    JobsTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.rows = app.rows();
        this.sample = new SampleJobs(app);
    }

    @BeforeEach
    void makePlace() {
        place = sample.place();
    }

    @Test
    void a_rolled_back_enqueue_leaves_no_job() {
        rolledBack();
        assertThat(rows.count("job")).isZero();
    }

    @Test
    void a_rolled_back_enqueue_raises_no_token() {
        rolledBack();
        assertThat(rows.count("fence")).isZero();
    }

    @Test
    void a_rolled_back_enqueue_is_not_announced() {
        var before = announced();
        rolledBack();
        sample.shared(place); // announcements are sent in order, so that after this one no earlier one is missing
        eventually("an announcement", () -> announced() > before);
        assertThat(announced()).isEqualTo(before + 1);
    }

    @Test
    void a_committed_enqueue_is_announced_once() {
        var before = announced();
        sample.exclusive(place);
        eventually("an announcement", () -> announced() > before);
        assertThat(announced()).isEqualTo(before + 1);
    }

    @Test
    void a_rolled_back_enqueue_leaves_the_site_where_it_was() {
        rows.move(place.site(), "failed");
        rolledBack();
        assertThat(rows.stateOf("site", place.site())).isEqualTo("failed");
    }

    @Test
    void enqueue_moves_the_site_in_the_same_transaction() {
        rows.move(place.site(), "failed");
        sample.exclusive(place);
        assertThat(rows.stateOf("site", place.site())).isEqualTo("creating");
    }

    @Test
    void a_refusal_by_the_resource_leaves_no_job() {
        rows.move(place.site(), "active");
        assertRefused(ErrorCode.SITE_STATE_CONFLICT, () -> sample.exclusive(place));
        assertThat(rows.count("job")).isZero();
    }

    @Test
    void enqueue_outside_a_transaction_is_refused() {
        var wanted = NewJob.forEnvironment(
                "login_create", place.site(), place.environment(), place.node(), Map.of(), new Requester("me", null));
        assertThatThrownBy(() -> jobs.enqueue(wanted))
                .isInstanceOf(org.springframework.transaction.IllegalTransactionStateException.class);
    }

    @Test
    void an_idempotency_key_names_the_same_job_again() {
        var job = sample.exclusive(place, "key-1");
        assertThat(jobs.repeatOf(new Requester("me", "key-1"), "site_create", any -> true))
                .map(Job::id)
                .contains(job.id());
    }

    @Test
    void an_idempotency_key_belongs_to_its_user() {
        sample.exclusive(place, "key-1");
        assertThat(jobs.repeatOf(new Requester("you", "key-1"), "site_create", any -> true))
                .isEmpty();
    }

    @Test
    void an_idempotency_key_of_another_request_is_refused() {
        sample.exclusive(place, "key-1");
        assertRefused(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                () -> jobs.repeatOf(new Requester("me", "key-1"), "site_delete", any -> true));
    }

    @Test
    void a_key_that_named_the_same_type_for_something_else_is_refused() {
        sample.exclusive(place, "key-1");
        assertRefused(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                () -> jobs.repeatOf(new Requester("me", "key-1"), "site_create", any -> false));
    }

    @Test
    void a_second_exclusive_job_of_the_site_is_refused() {
        sample.exclusive(place);
        assertRefused(ErrorCode.SITE_BUSY, () -> sample.exclusive(place));
    }

    @Test
    void a_stalled_job_still_locks_the_site() {
        var job = sample.exclusive(place);
        new JobWalk(app).dispatch(job.id(), place.node());
        new JobWalk(app).stalled(job.id());
        assertRefused(ErrorCode.SITE_BUSY, () -> sample.exclusive(place));
    }

    @Test
    void a_shared_job_does_not_wait_for_an_exclusive_one() {
        sample.exclusive(place);
        assertThat(sample.shared(place).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void a_second_exclusive_job_of_the_node_is_refused() {
        var wanted =
                NewJob.forNode("node_decommission", rows.nodeInState("ready"), Map.of(), new Requester("me", null));
        // Both in one transaction, so that no worker takes the first one away.
        assertRefused(
                ErrorCode.NODE_BUSY,
                () -> app.transaction().executeWithoutResult(status -> {
                    jobs.enqueue(wanted);
                    jobs.enqueue(wanted);
                }));
    }

    @Test
    void the_token_of_a_site_grows_by_one_with_each_exclusive_job() {
        var tokens = new ArrayList<Long>();
        var job = sample.exclusive(place);
        for (int i = 0; i < 5; i++) {
            tokens.add(job.fencingToken());
            fail(job);
            job = jobs.retry(job.id(), new Requester("me", null));
        }
        assertThat(tokens).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void a_shared_job_has_no_token() {
        assertThat(sample.shared(place).fencingToken()).isNull();
    }

    @Test
    void a_retry_is_a_new_job_that_names_the_old_one() {
        var job = sample.exclusive(place);
        fail(job);
        assertThat(jobs.retry(job.id(), new Requester("me", null)).retryOf()).isEqualTo(job.id());
    }

    @Test
    void a_repeated_retry_with_the_same_key_starts_one_job() {
        var job = sample.exclusive(place);
        fail(job);
        var first = jobs.retry(job.id(), new Requester("me", "again"));
        fail(first);
        assertThat(jobs.retry(job.id(), new Requester("me", "again")).id()).isEqualTo(first.id());
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"QUEUED", "DISPATCHED", "RUNNING", "VERIFYING", "STALLED", "SUCCEEDED"})
    void a_job_that_has_not_failed_is_not_retried(JobState state) {
        var job = sample.exclusiveIn(state);
        assertRefused(ErrorCode.JOB_NOT_RETRYABLE, () -> jobs.retry(job.id(), new Requester("me", null)));
    }

    private void rolledBack() {
        app.transaction().executeWithoutResult(status -> {
            jobs.enqueue(NewJob.forEnvironment(
                    "site_create",
                    place.site(),
                    place.environment(),
                    place.node(),
                    Map.of(),
                    new Requester("me", null)));
            status.setRollbackOnly();
        });
    }

    private long announced() {
        var length = app.bean(org.springframework.data.redis.core.StringRedisTemplate.class)
                .opsForStream()
                .size(JobQueue.streamOf(place.node()));
        return length == null ? 0 : length;
    }

    private void fail(Job job) {
        var life = new JobWalk(app);
        life.dispatch(job.id(), job.requireNodeId());
        life.running(job.id());
        life.failed(job.id(), SampleJobs.FAILURE, true);
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CodedException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
