package io.pressluft.controlplane.alert;

import static io.pressluft.controlplane.harness.Eventually.eventually;

import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobWalk;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Nodes and jobs in trouble, and time that passes for incidents. */
final class SampleTrouble {

    static final String SILENT = "agent_silent";

    private final RunningControlPlane app;
    private final Watch watch;

    SampleTrouble(RunningControlPlane app) {
        this.app = app;
        this.watch = app.bean(Watch.class);
    }

    /** The application has been there for long enough to call an agent silent. */
    void heardFor(Duration time) {
        app.listensFor(time);
    }

    String silentNode() {
        var node = app.rows().nodeInState("ready");
        silence(node);
        return node;
    }

    void silence(String node) {
        app.jdbc()
                .sql("UPDATE node SET last_heartbeat_at = timestamptz '2026-11-01 14:02:33Z' WHERE id = :id")
                .param("id", node)
                .update();
    }

    /** In the middle of a change, on a node that is heard for as long as the test takes. */
    String stalledJob() {
        return stalledJobOn(lastingNode());
    }

    String lastingNode() {
        var node = app.rows().readyNode();
        app.jdbc()
                .sql("UPDATE node SET last_heartbeat_at = now() + interval '1 day' WHERE id = :id")
                .param("id", node)
                .update();
        return node;
    }

    String stalledJobOn(String node) {
        var job = jobOn(node);
        var walk = new JobWalk(app);
        walk.dispatch(job, node);
        walk.stalled(job);
        return job;
    }

    String halfMadeJob() {
        var node = lastingNode();
        var job = jobOn(node);
        var walk = new JobWalk(app);
        walk.dispatch(job, node);
        walk.running(job);
        walk.failed(job, new JobFailure("undo_failed", "It did not work.", "A step", "Look."), false);
        return job;
    }

    String waitingJob() {
        var job = jobOn(lastingNode());
        app.jdbc()
                .sql("UPDATE job SET created_at = now() - :long * interval '1 ms' WHERE id = :id")
                .param("long", Jobs.WAITING.toMillis() + 1)
                .param("id", job)
                .update();
        return job;
    }

    private String jobOn(String node) {
        var site = app.rows().site();
        var environment = app.rows().environment(site, node);
        return Objects.requireNonNull(app.transaction()
                        .execute(status -> app.bean(Jobs.class)
                                .enqueue(NewJob.forEnvironment(
                                        "site_create",
                                        site,
                                        environment,
                                        node,
                                        Map.of("environment_release", "20261121T000000Z"),
                                        new Requester("me", null)))))
                .id();
    }

    /** Once, from now on: the loops of the application look, too, and one at a time. */
    void look() {
        eventually("the watch is free", watch::look);
    }

    /** Everything that was just begun, joined, was told or went calm did so long ago. */
    void timePasses() {
        timePasses(Duration.ofHours(1));
    }

    void timePasses(Duration time) {
        app.transaction().executeWithoutResult(status -> {
            app.jdbc().sql("""
                    UPDATE incident SET began_at = began_at - :time * interval '1 ms',
                        calm_since = calm_since - :time * interval '1 ms', told_at = told_at - :time * interval '1 ms'
                    WHERE state <> 'cleared'
                    """).param("time", time.toMillis()).update();
            app.jdbc().sql("""
                    UPDATE incident_member SET joined_at = joined_at - :time * interval '1 ms',
                        gone_at = gone_at - :time * interval '1 ms'
                    """).param("time", time.toMillis()).update();
        });
    }

    /** Looked, waited and looked again, so that whatever is to open or clear does. */
    void settle() {
        look();
        timePasses();
        look();
    }

    /** Every message that is due is tried. */
    void deliver() {
        var outbox = app.bean(Outbox.class);
        for (var outlet : outbox.outlets()) {
            try {
                outbox.deliverOne(outlet);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    void heard(String node) {
        app.rows().heartbeat(node, 0.1);
    }

    /** Each as {@code kind:state:most}, oldest first. */
    List<String> incidents() {
        return app.jdbc()
                .sql("SELECT kind || ':' || state || ':' || most FROM incident ORDER BY began_at DESC, id")
                .query(String.class)
                .list();
    }

    /** Each as {@code message:channel:state}, in the order in which they were written down. */
    List<String> messages() {
        return app.jdbc()
                .sql(
                        "SELECT message || ':' || channel || ':' || state FROM alert_delivery ORDER BY number, channel, id")
                .query(String.class)
                .list();
    }
}
