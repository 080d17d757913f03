package io.pressluft.controlplane.node;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.error.ErrorDetail;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedMachine;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.site.SiteRequest;
import io.pressluft.controlplane.site.Sites;
import io.pressluft.controlplane.trust.ManagedKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which node a site goes to. */
@ControlPlaneTest
class AllocationTest {

    private final ScriptedMachine machine = new ScriptedMachine();
    private final RunningControlPlane app;
    private final Nodes nodes;
    private final Rows rows;

    AllocationTest(RunningControlPlane app) {
        this.app = app;
        this.nodes = app.bean(Nodes.class);
        this.rows = app.rows();
    }

    @AfterEach
    void stop() {
        machine.close();
    }

    @Test
    void the_ready_node_with_the_lowest_load_is_chosen() {
        ready(0.9);
        var idle = ready(0.1);
        ready(0.5);
        assertThat(nodes.choose(null).id()).isEqualTo(idle);
    }

    @Test
    void of_equal_loads_the_node_with_fewer_environments_is_chosen() {
        var busy = ready(0.5);
        rows.environment(rows.site(), busy);
        var empty = ready(0.5);
        assertThat(nodes.choose(null).id()).isEqualTo(empty);
    }

    @Test
    void a_deleted_environment_does_not_count() {
        var first = ready(0.5);
        var site = rows.site();
        rows.environment(site, first);
        for (var state : List.of("active", "deleting", "deleted")) {
            rows.move(site, state);
        }
        ready(0.5);
        assertThat(nodes.choose(null).id()).isEqualTo(first);
    }

    @Test
    void of_equal_loads_and_environments_the_first_id_is_chosen() {
        var first = ready(0.5);
        ready(0.5);
        assertThat(nodes.choose(null).id()).isEqualTo(first);
    }

    @Test
    void a_lower_load_outweighs_more_environments() {
        ready(0.5);
        var busy = ready(0.4);
        rows.environment(rows.site(), busy);
        assertThat(nodes.choose(null).id()).isEqualTo(busy);
    }

    @Test
    void a_node_with_a_failing_check_is_passed_over() {
        failing(0.1);
        var other = ready(0.9);
        assertThat(nodes.choose(null).id()).isEqualTo(other);
    }

    @Test
    void a_node_that_is_offline_is_passed_over() {
        var silent = ready(0.1);
        app.jdbc()
                .sql("UPDATE node SET last_heartbeat_at = now() - interval '1 hour' WHERE id = :id")
                .param("id", silent)
                .update();
        var other = ready(0.9);
        assertThat(nodes.choose(null).id()).isEqualTo(other);
    }

    @Test
    void a_node_that_is_draining_is_passed_over() {
        var draining = rows.nodeInState("draining");
        rows.heartbeat(draining, 0.1);
        rows.seenReady(draining);
        var other = ready(0.9);
        assertThat(nodes.choose(null).id()).isEqualTo(other);
    }

    @Test
    void the_named_node_is_taken_whatever_its_load() {
        ready(0.1);
        var named = ready(0.9);
        assertThat(nodes.choose(named).id()).isEqualTo(named);
    }

    @Test
    void without_any_node_the_request_is_refused() {
        refused(ErrorCode.NO_NODE_READY, () -> nodes.choose(null), refusal -> {});
    }

    @Test
    void without_a_ready_node_the_request_is_refused() {
        failing(0.1);
        refused(ErrorCode.NO_NODE_READY, () -> nodes.choose(null), refusal -> {});
    }

    @Test
    void a_named_node_that_is_not_ready_is_refused_with_its_failing_checks() {
        var named = failing(0.1);
        refused(
                ErrorCode.NODE_NOT_READY,
                () -> nodes.choose(named),
                refusal -> assertThat(refusal.details())
                        .extracting(ErrorDetail::code)
                        .containsExactly("disk_low"));
    }

    @Test
    void the_refusal_carries_the_remediation_of_the_failing_check() {
        var named = failing(0.1);
        refused(
                ErrorCode.NODE_NOT_READY,
                () -> nodes.choose(named),
                refusal -> assertThat(refusal.remediation()).startsWith("Free disk space or inodes"));
    }

    @Test
    void a_named_node_that_is_well_again_is_taken_although_its_last_look_failed() {
        var named = failing(0.1);
        machine.answers(report(5L << 30));
        assertThat(nodes.choose(named).id()).isEqualTo(named);
    }

    @Test
    void a_node_that_was_just_seen_ready_is_not_looked_at_again() {
        rows.reachedAt(ready(0.1), machine, app.bean(ManagedKey.class).path());
        nodes.choose(null);
        assertThat(machine.asked()).isZero();
    }

    @Test
    void a_node_whose_last_look_ages_is_taken_at_once_and_looked_at_meanwhile() {
        var node = ready(0.1);
        machine.answers(report(0));
        rows.reachedAt(node, machine, app.bean(ManagedKey.class).path());
        app.clock().advance(Duration.ofSeconds(6));
        assertThat(nodes.choose(null).id()).isEqualTo(node);
        eventually(
                "the full disk is seen",
                () -> app.bean(NodeReadiness.class)
                        .newest(node)
                        .filter(seen -> !seen.ready())
                        .isPresent());
    }

    @Test
    void the_refusal_for_want_of_a_ready_node_names_the_failing_checks() {
        failing(0.1);
        refused(
                ErrorCode.NO_NODE_READY,
                () -> nodes.choose(null),
                refusal -> assertThat(refusal.details())
                        .extracting(ErrorDetail::code)
                        .contains("disk_low"));
    }

    @Test
    void a_ready_node_does_not_stand_in_for_the_named_one() {
        ready(0.1);
        var named = failing(0.1);
        refused(ErrorCode.NODE_NOT_READY, () -> nodes.choose(named), refusal -> {});
    }

    @Test
    void a_named_node_that_was_decommissioned_is_refused() {
        var gone = rows.nodeInState("decommissioned");
        refused(ErrorCode.NODE_GONE, () -> nodes.choose(gone), refusal -> {});
    }

    @Test
    void a_refused_site_leaves_no_job() {
        createOn(failing(0.1));
        assertThat(rows.count("job")).isZero();
    }

    @Test
    void a_refused_site_leaves_no_site() {
        createOn(failing(0.1));
        assertThat(rows.count("site")).isZero();
    }

    private void createOn(String node) {
        var wanted = new SiteRequest("shop", "A shop", node, null, null, null).checked();
        refused(
                ErrorCode.NODE_NOT_READY,
                () -> app.bean(Sites.class).create(wanted, new Requester("me", null)),
                refusal -> {});
    }

    private String ready(double load) {
        var id = rows.readyNode();
        rows.heartbeat(id, load);
        return id;
    }

    /** A node whose disk was full when it was last looked at, and still is. */
    private String failing(double load) {
        machine.answers(report(0));
        var id = rows.nodeInState("ready");
        rows.heartbeat(id, load);
        rows.reachedAt(id, machine, app.bean(ManagedKey.class).path());
        rows.seen(
                id,
                false,
                List.of(Map.of(
                        "code", "disk_low", "status", "failed", "seen", "0 MiB", "remediation", "Free disk space.")));
        return id;
    }

    private String report(long bytesFree) {
        return """
                {"privileged": true, "effective_uid": 0, "os": {"id": "debian", "version": "12"},
                 "disk": {"/var/www": {"bytes_free": %d, "inodes_free": 500000}},
                 "memory": {"total_mb": 2048}, "clock_ms": %d, "components": {"php": "8.2"},
                 "services": {"mariadb": "active"}, "firewall_active": true,
                 "gateway": {"address": "127.0.0.1:7601", "reachable": true}}
                """.formatted(bytesFree, app.clock().millis());
    }

    private static void refused(ErrorCode code, ThrowingCallable call, Consumer<CodedException> more) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CodedException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            more.accept(refusal);
        });
    }
}
