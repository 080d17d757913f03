package io.pressluft.controlplane.node;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job about a node begins and succeeds where the node allows it, however it was asked for. */
@ControlPlaneTest
class NodeRetryTest {

    private static final Requester ME = new Requester("me", null);

    private final RunningControlPlane app;
    private final Jobs jobs;
    private final Rows rows;

    NodeRetryTest(RunningControlPlane app) {
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.rows = app.rows();
    }

    @Test
    void a_job_after_which_another_one_came_is_not_retried() {
        var node = rows.nodeInState("ready");
        var old = cancelled(NodeDecommission.TYPE, node);
        var later = cancelled(NodeProvision.TYPE, node);
        assertRefused(ErrorCode.JOB_SUPERSEDED, () -> jobs.retry(old.id(), ME));
        assertThat(jobs.retryable(jobs.get(old.id()))).isFalse();
        assertThat(jobs.retryable(jobs.get(later.id()))).isTrue();
    }

    @Test
    void the_newest_job_of_a_node_is_retried() {
        var job = cancelled(NodeDecommission.TYPE, rows.nodeInState("ready"));
        unseen(status -> assertThat(jobs.retry(job.id(), ME).retryOf()).isEqualTo(job.id()));
    }

    @Test
    void jobs_of_its_sites_are_in_no_nodes_way() {
        var node = rows.nodeInState("ready");
        var job = cancelled(NodeDecommission.TYPE, node);
        var site = rows.site();
        var environment = rows.environment(site, node);
        rows.move(site, "active");
        app.transaction()
                .executeWithoutResult(status ->
                        jobs.enqueue(NewJob.forEnvironment("site_delete", site, environment, node, Map.of(), ME)));
        assertThat(jobs.retryable(jobs.get(job.id()))).isTrue();
    }

    @Test
    void a_retried_decommissioning_asks_for_sites_again() {
        var node = rows.nodeInState("ready");
        var job = cancelled(NodeDecommission.TYPE, node);
        rows.environment(rows.site(), node);
        assertRefused(ErrorCode.NODE_HAS_SITES, () -> jobs.retry(job.id(), ME));
        assertThat(rows.stateOf("node", node)).isEqualTo("failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"provisioning", "ready", "unreachable", "draining", "decommissioned"})
    void a_node_that_is_there_or_gone_is_not_provisioned(String state) {
        var node = rows.nodeInState(state);
        assertRefused(ErrorCode.NODE_STATE_CONFLICT, () -> enqueued(NodeProvision.TYPE, node));
        assertThat(rows.stateOf("node", node)).isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"acquiring", "provisioning", "decommissioned"})
    void a_node_that_is_being_made_or_gone_is_not_decommissioned(String state) {
        var node = rows.nodeInState(state);
        assertRefused(ErrorCode.NODE_STATE_CONFLICT, () -> enqueued(NodeDecommission.TYPE, node));
        assertThat(rows.stateOf("node", node)).isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"acquiring", "provisioning", "draining", "failed", "decommissioned"})
    void no_site_is_put_on_a_node_that_is_out_of_service(String state) {
        var node = rows.nodeInState(state);
        unseen(status -> {
            var site = rows.site();
            assertRefused(
                    ErrorCode.NODE_STATE_CONFLICT,
                    () -> jobs.enqueue(NewJob.forEnvironment(
                            "site_create", site, rows.environment(site, node), node, Map.of(), ME)));
        });
    }

    @Test
    void a_node_that_a_site_is_being_put_on_is_not_decommissioned() {
        var node = rows.nodeInState("ready");
        var nodes = app.bean(Nodes.class);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var decommissioning = app.transaction().execute(status -> {
                nodes.keepInService(node, "site_create");
                rows.environment(rows.site(), node);
                var late = pool.submit(() -> nodes.decommission(node, ME));
                eventually("the decommissioning waits for the node", () -> rows.waitingForLocks() == 1);
                return late;
            });
            assertThatThrownBy(decommissioning::get).hasMessageContaining("carries 1 environment");
        }
        assertThat(rows.stateOf("node", node)).isEqualTo("ready");
    }

    @Test
    void provisioning_does_not_succeed_on_a_node_that_is_elsewhere() {
        unseen(status -> {
            var job = enqueue(NodeProvision.TYPE, rows.nodeInState("failed"));
            assertRefused(
                    ErrorCode.NODE_STATE_CONFLICT,
                    () -> app.bean(NodeProvision.class).succeed(job));
        });
    }

    @Test
    void decommissioning_does_not_succeed_on_a_node_that_is_elsewhere() {
        unseen(status -> {
            var job = enqueue(NodeDecommission.TYPE, rows.nodeInState("ready"));
            var type = app.bean(NodeDecommission.class);
            type.fail(job, JobFailure.of(ErrorCode.RELEASE_FAILED, "It is stuck.", null), false);
            assertRefused(ErrorCode.NODE_STATE_CONFLICT, () -> type.succeed(job));
        });
    }

    @Test
    void whoever_wants_to_remove_a_node_that_is_being_made_is_told_by_what() {
        unseen(status -> {
            var node = rows.nodeInState("failed");
            var job = enqueue(NodeProvision.TYPE, node);
            assertThatThrownBy(() -> app.bean(Nodes.class).decommission(node, ME))
                    .hasMessageContaining(job.id());
        });
    }

    /** Ended before a worker can see it. */
    private Job cancelled(String type, String node) {
        return Objects.requireNonNull(app.transaction().execute(status -> {
            var job = enqueue(type, node);
            return jobs.cancel(job.id(), "me");
        }));
    }

    private Job enqueued(String type, String node) {
        return Objects.requireNonNull(app.transaction().execute(status -> enqueue(type, node)));
    }

    private Job enqueue(String type, String node) {
        return jobs.enqueue(NewJob.forNode(type, node, Map.of("node_id", node), ME));
    }

    /** In a transaction that is rolled back, so that no worker takes anything. */
    private void unseen(Consumer<Object> work) {
        app.transaction().executeWithoutResult(status -> {
            work.accept(status);
            status.setRollbackOnly();
        });
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CodedException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
