package io.pressluft.controlplane.job;

import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Jobs on a node without an agent, so that nobody takes them but the test. */
final class SampleJobs {

    static final JobFailure FAILURE = new JobFailure("playbook_failed", "It did not work.", "A step", "Try again.");

    private final RunningControlPlane app;
    private final Rows rows;

    SampleJobs(RunningControlPlane app) {
        this.app = app;
        this.rows = app.rows();
    }

    /** A site in state {@code creating} with its environment, on a node of its own. */
    record Place(String node, String site, String environment) {}

    Place place() {
        var node = rows.nodeInState("ready");
        var site = rows.site();
        return new Place(node, site, rows.environment(site, node));
    }

    Job exclusive(Place place) {
        return exclusive(place, null);
    }

    Job exclusive(Place place, @Nullable String idempotencyKey) {
        return enqueue(NewJob.forEnvironment(
                "site_create",
                place.site(),
                place.environment(),
                place.node(),
                Map.of("environment_release", "20261121T000000Z"),
                new Requester("me", idempotencyKey)));
    }

    Job shared(Place place) {
        return enqueue(NewJob.forEnvironment(
                "login_create", place.site(), place.environment(), place.node(), Map.of(), new Requester("me", null)));
    }

    Job enqueue(NewJob wanted) {
        var job = app.transaction().execute(status -> app.bean(Jobs.class).enqueue(wanted));
        return java.util.Objects.requireNonNull(job);
    }

    /** An exclusive job that was walked to {@code state} the way the gateway does it. */
    Job exclusiveIn(JobState state) {
        var place = place();
        var job = exclusive(place);
        var life = new JobWalk(app);
        switch (state) {
            case QUEUED -> {}
            case DISPATCHED -> life.dispatch(job.id(), place.node());
            case RUNNING -> {
                life.dispatch(job.id(), place.node());
                life.running(job.id());
            }
            case VERIFYING -> {
                life.dispatch(job.id(), place.node());
                life.running(job.id());
                life.verifying(job.id(), Map.of());
            }
            case STALLED -> {
                life.dispatch(job.id(), place.node());
                life.stalled(job.id());
            }
            case SUCCEEDED -> {
                life.dispatch(job.id(), place.node());
                life.running(job.id());
                life.verifying(job.id(), Map.of());
                life.decide(job.id(), Optional.empty());
                life.succeeded(job.id());
            }
            case FAILED -> {
                life.dispatch(job.id(), place.node());
                life.running(job.id());
                life.failed(job.id(), FAILURE, true);
            }
            case REJECTED -> {
                life.dispatch(job.id(), place.node());
                life.rejected(job.id(), FAILURE);
            }
            case CANCELLED ->
                app.jdbc()
                        .sql("UPDATE job SET state = 'cancelled', settled_at = now() WHERE id = :id")
                        .param("id", job.id())
                        .update();
        }
        return app.bean(Jobs.class).get(job.id());
    }
}
