package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/** What may happen to an agent, to the run it started, and to its line to the control plane. */
final class AgentFaults {

    private static final String TOKENS = "/var/lib/pressluft-agent/tokens";

    private AgentFaults() {}

    /** systemd starts it again; the run goes on meanwhile and is adopted. */
    static void killed(FaultScene scene) {
        scene.killAgent();
        scene.node().release();
    }

    static void restarted(FaultScene scene) {
        scene.node().shell("systemctl restart pressluft-agent");
        scene.node().release();
    }

    /** What it did is undone, and the control plane tries once more by itself. */
    static void runKilled(FaultScene scene) {
        scene.kill(scene.unit(), "all", "KILL");
        scene.node().release();
    }

    /** The agent does the undo once more. */
    static void undoKilled(FaultScene scene) {
        scene.kill("pressluft-run-%s-undo.service".formatted(scene.site().jobId()), "all", "KILL");
        scene.node().release();
    }

    /** The change is applied and waits for its proof. */
    static void killedVerifying(FaultScene scene) {
        scene.node().release();
        scene.awaitShortState("verifying");
        scene.killAgent();
    }

    /** What the agent says arrives; what is decided does not reach it until the line is whole again. */
    static void deaf(FaultScene scene) {
        scene.deafen();
        try {
            scene.node().release();
            scene.awaitState("stalled");
        } finally {
            scene.hearAgain();
        }
    }

    /** The run pauses when its lease is over, the job stalls, and both go on when the agent is heard of again. */
    static void cutOff(FaultScene scene) {
        scene.cutOff();
        try {
            scene.awaitState("stalled");
            scene.node().release();
            scene.awaitPaused();
        } finally {
            scene.reconnect();
        }
    }

    /** Only the playbook lives, and nobody renews its lease. */
    static void cutOffAndKilled(FaultScene scene) {
        scene.cutOff();
        try {
            scene.killAgent();
            scene.awaitState("stalled");
            scene.node().release();
            scene.awaitPaused();
        } finally {
            scene.reconnect();
        }
    }

    /** An operator ends the job while the agent is silent; the agent comes back and must do nothing more for it. */
    static void resolved(FaultScene scene) {
        scene.kill("pressluft-agent", "main", "STOP");
        try {
            scene.awaitState("stalled");
            scene.pressluft()
                    .api()
                    .post("/api/jobs/%s/resolve".formatted(scene.site().jobId()))
                    .require(200);
        } finally {
            scene.kill("pressluft-agent", "main", "CONT");
        }
        var known = "cat %s/%s".formatted(TOKENS, scene.site().id());
        Await.until(
                "the agent knows the newer token",
                FaultJudge.END,
                () -> scene.node().shell(known).out().strip().equals("2"));
        scene.node().release();
    }

    /** The same, and the agent cannot write down that the job is not wanted: nothing but the token keeps the run from going on. */
    static void resolvedUntold(FaultScene scene) {
        var inTheWay = "/var/lib/pressluft-agent/jobs/%s/.cancelled.new"
                .formatted(scene.site().jobId());
        scene.node().shell("mkdir " + inTheWay);
        resolved(scene);
        scene.awaitQuiet();
        scene.node().shell("rmdir " + inTheWay);
    }

    /** The agent learns the token again from the control plane before it goes on. */
    static void tokenLost(FaultScene scene) {
        scene.node().shell("rm %s/%s".formatted(TOKENS, scene.site().id()));
        scene.killAgent();
        Await.until(
                "the agent knows the token again",
                FaultJudge.END,
                () -> scene.node()
                        .shell("cat %s/%s 2>/dev/null || true"
                                .formatted(TOKENS, scene.site().id()))
                        .out()
                        .strip()
                        .equals("1"));
        assertThat(scene.job()).isPresent();
        scene.node().release();
    }
}
