package io.pressluft.controlplane.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobWalk;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is remembered of a machine that everything was taken off. */
@ControlPlaneTest
class NodeReleaseTest {

    private final RunningControlPlane app;
    private final NodeStore nodes;
    private String node = "";

    NodeReleaseTest(RunningControlPlane app) {
        this.app = app;
        this.nodes = app.bean(NodeStore.class);
    }

    @BeforeEach
    void narrowedNode() {
        node = app.rows().nodeInState("draining");
        nodes.setNarrowed(node);
    }

    @Test
    void a_release_is_remembered_for_the_next_decommissioning() {
        app.bean(NodeRelease.class).succeed(release());
        assertThat(nodes.cleaned(node)).isTrue();
    }

    @Test
    void a_released_machine_has_no_narrowed_key() {
        app.bean(NodeRelease.class).succeed(release());
        assertThat(nodes.narrowed(node)).isFalse();
    }

    @Test
    void a_release_is_repeated_by_its_decommissioning_only() {
        var job = release();
        new JobWalk(app).rejected(job.id(), JobFailure.of(ErrorCode.RUN_LOST, "The run was lost.", null));
        var jobs = app.bean(Jobs.class);
        assertThat(jobs.retryable(jobs.get(job.id()))).isFalse();
    }

    @Test
    void a_release_that_has_begun_goes_to_its_end() {
        var job = release();
        assertThat(new JobWalk(app).dispatch(job.id(), node)).isPresent();
        assertThatThrownBy(() -> app.bean(Jobs.class).cancel(job.id(), "admin"))
                .asInstanceOf(InstanceOfAssertFactories.type(CodedException.class))
                .extracting(CodedException::code)
                .isEqualTo(ErrorCode.JOB_NOT_CANCELLABLE);
    }

    @Test
    void what_goes_to_its_end_is_not_offered_to_be_cancelled() {
        var job = release();
        var jobs = app.bean(Jobs.class);
        assertThat(jobs.view(job).cancellable()).isTrue();
        assertThat(new JobWalk(app).dispatch(job.id(), node)).isPresent();
        assertThat(jobs.view(jobs.get(job.id())).cancellable()).isFalse();
    }

    private Job release() {
        return Objects.requireNonNull(app.transaction()
                .execute(status -> app.bean(Jobs.class)
                        .enqueue(NewJob.forNode(NodeRelease.TYPE, node, Map.of(), new Requester("admin", null)))));
    }
}
