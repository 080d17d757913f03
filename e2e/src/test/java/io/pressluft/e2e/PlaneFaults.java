package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** What may happen to the control plane, its database and its broker. */
final class PlaneFaults {

    /** Longer than an agent may be silent. */
    private static final Duration AWAY = Duration.ofSeconds(25);

    private static final Duration BROKER_AWAY = Duration.ofMinutes(5);

    /** What an answer may be while the database is away. */
    private static final Set<Integer> CLEAN = Set.of(200, 503);

    private static final int HINTS = 5;

    private static final String JOBS = "/var/lib/pressluft-agent/jobs";

    private PlaneFaults() {}

    static void killed(FaultScene scene) {
        scene.pressluft().controlPlane().kill();
        scene.node().release();
        scene.pressluft().controlPlane().start();
    }

    /** Both planes die between the change and its proof. */
    static void bothKilled(FaultScene scene) {
        scene.pressluft().controlPlane().kill();
        scene.killAgent();
        scene.node().release();
        scene.pressluft().controlPlane().start();
    }

    /** The change is applied and waits for its proof. */
    static void killedVerifying(FaultScene scene) {
        scene.node().release();
        scene.awaitShortState("verifying");
        scene.pressluft().controlPlane().kill();
        scene.pressluft().controlPlane().start();
    }

    /** No job stalls because the control plane itself was away. */
    static void away(FaultScene scene) {
        scene.pressluft().controlPlane().kill();
        scene.node().release();
        long until = System.nanoTime() + AWAY.toNanos();
        Await.until("longer than any silence", AWAY.plus(AWAY), () -> System.nanoTime() > until);
        scene.pressluft().controlPlane().start();
        scene.ended(FaultJudge.END);
        assertThat(scene.pressluft()
                        .database()
                        .value(
                                "SELECT count(*)::text FROM job_event WHERE job_id = ? AND body ->> 'state' = 'stalled'",
                                scene.site().jobId()))
                .as("false stalls")
                .isEqualTo("0");
    }

    static void cancelled(FaultScene scene) {
        cancel(scene);
        scene.node().release();
    }

    /** Returns when the agent knows that the job is to end. */
    static void cancel(FaultScene scene) {
        scene.pressluft()
                .api()
                .post("/api/jobs/%s/cancel".formatted(scene.site().jobId()))
                .require(202);
        Await.until(
                "the agent knows that the job is to end",
                FaultJudge.END,
                () -> scene.node()
                        .shell("ls %s/%s".formatted(JOBS, scene.site().jobId()))
                        .lines()
                        .contains("cancelled"));
    }

    /** It comes back by itself; requests meanwhile fail cleanly. */
    static void databaseKilled(FaultScene scene) {
        var database = scene.pressluft().database();
        database.kill();
        scene.node().release();
        Await.until("the API answers again", FaultJudge.END, () -> {
            var answer = scene.pressluft().api().get("/api/sites");
            assertThat(answer.status()).as(answer.body()).isIn(CLEAN);
            assertThat(answer.json().has("sites") || answer.json().has("code")).isTrue();
            return answer.status() == 200;
        });
    }

    static void brokerKilled(FaultScene scene) {
        scene.pressluft().broker().kill();
        scene.node().release();
    }

    /** It takes connections and answers nothing until the job is done. */
    static void brokerHangs(FaultScene scene) {
        var broker = scene.pressluft().broker();
        broker.signal("STOP");
        try {
            scene.node().release();
            var second = scene.pressluft().requestSite("Asked for while Redis hangs");
            scene.pressluft().api().succeeded(second.jobId(), Pressluft.SITE);
            scene.pressluft().api().succeeded(scene.pressluft().requestDeletion(second), Pressluft.SITE);
            scene.ended(FaultJudge.END);
        } finally {
            broker.signal("CONT");
        }
    }

    /** The same for minutes, in which sites come and go. */
    static void brokerAway(FaultScene scene) {
        var broker = scene.pressluft().broker();
        broker.signal("STOP");
        try {
            scene.node().release();
            long until = System.nanoTime() + BROKER_AWAY.toNanos();
            while (System.nanoTime() < until) {
                var other = scene.pressluft().createSite("Asked for while Redis is away");
                scene.pressluft().api().succeeded(scene.pressluft().requestDeletion(other), Pressluft.SITE);
            }
        } finally {
            broker.signal("CONT");
        }
    }

    static void brokerFlushed(FaultScene scene) {
        scene.pressluft().broker().command("FLUSHALL");
        scene.node().release();
    }

    static void hintRepeated(FaultScene scene) {
        for (int i = 0; i < HINTS; i++) {
            scene.pressluft()
                    .broker()
                    .command(
                            "XADD",
                            "pressluft:jobs:" + scene.pressluft().nodeId(),
                            "*",
                            "job",
                            scene.site().jobId());
        }
        scene.node().release();
    }

    /** The site is busy, and the answer names the job. */
    static void secondRequest(FaultScene scene) {
        var api = scene.pressluft().api();
        var site = scene.site();
        var deletion = api.delete("/api/sites/" + site.id(), Map.of("confirm", site.slug()))
                .require(409);
        assertThat(deletion.json().path("code").asString()).isEqualTo("site_busy");
        assertThat(deletion.body()).contains(site.jobId());
        api.post("/api/jobs/%s/retry".formatted(site.jobId())).require(409);
        scene.node().release();
    }
}
