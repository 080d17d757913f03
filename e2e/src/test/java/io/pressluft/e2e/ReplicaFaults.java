package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.e2e.Follower.Seen;
import java.util.List;
import java.util.stream.IntStream;

/** One of two control planes dies with the agent's stream and an open page, and is not started again. */
final class ReplicaFaults {

    private static final String VISITORS = "INPUT -p tcp --dport 80 ! -i lo -j DROP";

    private ReplicaFaults() {}

    /** In the middle of a dispatch: it has written that the job is the agent's, and the agent has not heard of it. */
    static void killedDispatching(FaultScene scene) {
        var page = page(scene);
        Await.until(
                "the replica dispatches the job",
                Pressluft.SITE,
                () -> scene.replica().dispatched(scene.site().jobId()));
        scene.awaitState("dispatched");
        scene.replica().kill();
        // What it has sent already would still arrive, after its death.
        var gone = scene.replica().refusing();
        scene.node().shell("iptables -I " + gone);
        try {
            scene.ended(FaultJudge.END);
        } finally {
            scene.node().shell("iptables -D " + gone);
        }
        judge(scene, page);
    }

    static void killed(FaultScene scene) {
        var page = page(scene);
        scene.replica().kill();
        scene.node().release();
        judge(scene, page);
    }

    /** It waits for the front page when it dies: nobody from outside reaches the node until then. */
    static void killedVerifying(FaultScene scene) {
        var page = page(scene);
        scene.node().shell("iptables -I " + VISITORS);
        try {
            scene.node().release();
            scene.awaitState("verifying");
            scene.replica().kill();
        } finally {
            scene.node().shell("iptables -D " + VISITORS);
        }
        judge(scene, page);
    }

    /** The first offers the job to a stream that nobody reads any more; the second brings it to the agent. */
    static void movedUnnoticed(FaultScene scene) {
        scene.ended(FaultJudge.END);
        assertThat(scene.replica().heardOf(scene.site().jobId()))
                .as("the agent answered to the replica")
                .isTrue();
    }

    private static Follower page(FaultScene scene) {
        return Follower.of(
                List.of(scene.replica().api(), scene.pressluft().api()),
                scene.site().jobId());
    }

    /** The one that died had the job, and whoever followed it there has seen each event once. */
    private static void judge(FaultScene scene, Follower page) {
        var job = scene.site().jobId();
        scene.ended(FaultJudge.END);
        assertThat(scene.replica().dispatched(job))
                .as("the replica that died had dispatched the job")
                .isTrue();
        var seen = page.all(FaultJudge.END);
        int events = Integer.parseInt(
                scene.pressluft().database().value("SELECT event_count::text FROM job WHERE id = ?", job));
        assertThat(seen)
                .extracting(Seen::number)
                .as("events on the page")
                .isEqualTo(IntStream.rangeClosed(1, events).boxed().toList());
        assertThat(seen).extracting(Seen::plane).as("who told them").contains(0, 1);
    }
}
