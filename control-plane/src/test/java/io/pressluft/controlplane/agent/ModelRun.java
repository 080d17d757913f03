package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobLife;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.StallReason;
import io.pressluft.controlplane.job.WorkerWalk;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.ReportSeen;
import io.pressluft.protocol.v1.ToAgent;
import io.pressluft.protocol.v1.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Operators, replicas and agents in one thread, whose next word a seed chooses: messages are reordered, repeated and lost.
 * The same seed makes the same run.
 */
final class ModelRun {

    private static final int BETWEEN_LOOKS = 500;
    private static final JobFailure REASON = new JobFailure("proof_missing", "It did not show.", null, "Try again.");

    private final ModelWorld world;
    private final ModelOperators operators;
    private final AgentWork work;
    private final JobLife life;
    private final Jobs jobs;
    private final ScriptedProofs proofs;
    private final RewrittenDatabase database;
    private final WorkerWalk workers;
    private final List<String> toProve = new ArrayList<>();

    ModelRun(QuietControlPlane quiet, long seed) {
        var app = quiet.app();
        this.database = quiet.database();
        this.world = new ModelWorld(app, seed);
        this.workers = new WorkerWalk(app);
        this.operators = new ModelOperators(world, app, workers);
        this.work = app.bean(AgentWork.class);
        this.life = app.bean(JobLife.class);
        this.jobs = app.bean(Jobs.class);
        this.proofs = app.bean(ScriptedProofs.class);
    }

    ModelWorld world() {
        return world;
    }

    /** Does this many operations, or fewer when a rule is broken. */
    int operate(int operations) {
        int done = 0;
        while (done < operations && world.rules.broken().isEmpty()) {
            if (!step()) {
                continue;
            }
            done++;
            follow();
            if (done % BETWEEN_LOOKS == 0) {
                world.rules.everything();
            }
        }
        world.rules.everything();
        return done;
    }

    private boolean step() {
        int dice = world.random.nextInt(200);
        if (dice < 4) {
            return operators.newSite();
        } else if (dice < 16) {
            return operators.request();
        } else if (dice < 20) {
            return operators.requestAgain();
        } else if (dice < 44) {
            return dispatch();
        } else if (dice < 80) {
            return toAgent();
        } else if (dice < 106) {
            return world.anyNode().work();
        } else if (dice < 150) {
            return fromAgent();
        } else if (dice < 164) {
            return decide();
        } else if (dice < 170) {
            return heartbeat();
        } else if (dice < 174) {
            return greet();
        } else if (dice < 177) {
            return stall();
        } else if (dice < 180) {
            return operators.cancel();
        } else if (dice < 184) {
            return operators.resolve();
        } else if (dice < 188) {
            return operators.retry();
        } else if (dice < 197) {
            return worker();
        } else if (dice < 198) {
            return operators.timePasses();
        }
        return operators.rogue();
    }

    /** Does it; now and then a commit is carried out whose answer never comes. False when the caller was told of a fault. */
    private boolean answered(Runnable act) {
        database.loseNextReply(world.chance(3));
        try {
            act.run();
            return true;
        } catch (TransactionException | DataAccessException lost) {
            world.did("the reply is lost");
            return false;
        } finally {
            database.loseNextReply(false);
        }
    }

    /** A replica sees the job's id and offers it to the agent of a node. */
    private boolean dispatch() {
        var job = world.openOrOld(false);
        if (job == null) {
            return false;
        }
        var id = world.chance(4) ? world.anyNode().id : world.any(job.nodes);
        var node = world.nodes.stream()
                .filter(each -> each.id.equals(id))
                .findFirst()
                .orElseThrow();
        var offer = new AtomicReference<Optional<ToAgent>>(Optional.empty());
        boolean answered = answered(() -> offer.set(work.take(node.id, job.id)));
        if (!answered && job.look != null) {
            // Whether it was taken is known to the database alone.
            var part = job.nodes.indexOf(node.id);
            world.rules.touched(job, false);
            if (part >= 0 && !job.look.parts().get(part).equals("waiting")) {
                job.taken.add(node.id);
            }
        }
        offer.get().ifPresent(message -> {
            if (!job.taken.add(node.id)) {
                world.rules.broke("a part is taken once", job);
            }
            if (!world.chance(10)) { // else the replica dies before it has sent it
                node.down.add(message);
            }
        });
        world.did("dispatch " + offer.get().isPresent(), job, false);
        return true;
    }

    private boolean toAgent() {
        var node = world.anyNode();
        var message = next(node.down);
        if (message.isEmpty()) {
            return false;
        }
        node.received(message.get());
        return true;
    }

    private boolean fromAgent() {
        var node = world.anyNode();
        var message = next(node.up);
        if (message.isEmpty()) {
            return false;
        }
        if (!answered(() -> heard(node, message.get()))) {
            node.up.add(message.get()); // the stream breaks, and the agent says it again
        }
        var job = world.job(about(message.get()));
        if (job != null) {
            world.did(message.get().getMessageCase().name(), job, false);
        }
        return true;
    }

    private static String about(FromAgent message) {
        return switch (message.getMessageCase()) {
            case ANSWER -> message.getAnswer().getJobId();
            case STEP -> message.getStep().getJobId();
            case REPORT -> message.getReport().getJobId();
            case HELLO, HEARTBEAT, LOG, MESSAGE_NOT_SET -> throw new IllegalStateException("never said: " + message);
        };
    }

    private void heard(ModelNode node, FromAgent message) {
        switch (message.getMessageCase()) {
            case ANSWER -> {
                boolean inHand = work.answered(node.id, message.getAnswer());
                if (inHand != message.getAnswer().getAccepted()) {
                    world.rules.broke("what was accepted is in hand", message);
                }
            }
            case STEP -> work.step(node.id, message.getStep());
            case REPORT -> {
                var report = message.getReport();
                work.reported(node.id, report);
                node.down.add(ToAgent.newBuilder()
                        .setReportSeen(ReportSeen.newBuilder()
                                .setJobId(report.getJobId())
                                .setPhase(report.getPhase()))
                        .build());
            }
            case HELLO, HEARTBEAT, LOG, MESSAGE_NOT_SET -> throw new IllegalStateException("never said: " + message);
        }
        ;
    }

    /** Any message that is on its way; it may arrive again, or not at all. */
    private <T> Optional<T> next(List<T> bag) {
        if (bag.isEmpty()) {
            return Optional.empty();
        }
        int index = world.random.nextInt(bag.size());
        var message = bag.get(index);
        if (!world.chance(15)) {
            bag.remove(index);
        }
        return world.chance(5) ? Optional.empty() : Optional.of(message);
    }

    /** A replica has looked at the change; now and then two of them have, and differ. */
    private boolean decide() {
        if (toProve.isEmpty()) {
            return false;
        }
        int index = world.random.nextInt(toProve.size());
        var job = world.job(toProve.get(index));
        if (!world.chance(15)) {
            toProve.remove(index);
        }
        if (job == null) {
            return false;
        }
        boolean shows = world.chance(75);
        boolean answered = answered(() -> life.decide(job.id, shows ? Optional.empty() : Optional.of(REASON)));
        world.did("decide " + shows, job, shows);
        if (answered) {
            tell(job);
        } else {
            toProve.add(job.id);
        }
        return true;
    }

    private void tell(ModelJob job) {
        if (job.look != null && job.look.verdict() != null && !job.ended()) {
            var verdict = AgentWork.verdict(job.id, job.look.verdict());
            world.nodes.stream().filter(node -> job.nodes.contains(node.id)).forEach(node -> node.down.add(verdict));
        }
    }

    private boolean heartbeat() {
        var node = world.anyNode();
        heardOf(node, true);
        work.resume(node.id, node.inHand(), node.down::add);
        lookAtHeld(node, "heartbeat");
        return true;
    }

    /** The agent opens a stream to one of the replicas; what was on its way on the old one is lost. */
    private boolean greet() {
        var node = world.anyNode();
        if (world.chance(70)) {
            node.cut();
        }
        if (world.chance(10)) {
            node.forget();
        }
        heardOf(node, true);
        node.received(ToAgent.newBuilder()
                .setWelcome(Welcome.newBuilder().putAllTokens(work.tokensOn(node.id)))
                .build());
        work.greeted(node.id, node.inHand(), node.down::add);
        lookAtHeld(node, "hello");
        return true;
    }

    private void lookAtHeld(ModelNode node, String what) {
        work.inHand(node.id).stream().map(world::known).forEach(job -> world.did(what, job, false));
    }

    private boolean stall() {
        var job = world.openOrOld(false);
        if (job == null) {
            return false;
        }
        var silent = world.any(job.nodes);
        world.nodes.stream().filter(node -> node.id.equals(silent)).forEach(node -> heardOf(node, false));
        boolean answered = answered(() -> life.stalled(job.id, StallReason.AGENT_SILENT));
        world.did("stall " + answered, job, false);
        return true;
    }

    private void heardOf(ModelNode node, boolean now) {
        world.jdbc
                .sql("UPDATE node SET last_heartbeat_at = :at::timestamptz WHERE id = :id")
                .param("at", now ? "infinity" : "-infinity")
                .param("id", node.id)
                .update();
    }

    /** One of two replicas does something with what the control plane does itself. */
    private boolean worker() {
        var job = world.openOrOld(true);
        if (job == null) {
            return false;
        }
        var me = world.chance(50) ? "worker_one" : "worker_two";
        boolean mine = job.look != null && me.equals(job.look.worker());
        int dice = world.random.nextInt(100);
        boolean done;
        if (dice < 40) {
            done = workers.take(job.id, me);
            if (done && !job.taken.add("worker")) {
                world.rules.broke("a worker's job is taken once", job);
            }
        } else if (dice < 75) {
            done = dice < 62 ? workers.done(job.id, me) : workers.failed(job.id, me, REASON);
            if (done && !mine) {
                world.rules.broke("only who has a job ends it", job);
            }
        } else if (dice < 85) {
            workers.fallSilent(job.id);
            done = false;
        } else {
            done = workers.adopt(job.id, me);
        }
        world.did("worker " + dice + " " + done, job, false);
        return true;
    }

    /** What the operation led to: proofs that were asked for, and repeats that the control plane wrote by itself. */
    private void follow() {
        toProve.addAll(proofs.started());
        var last = world.lastTouched();
        if (last != null && last.in("failed")) {
            jobs.repeat(last.id)
                    .map(world::known)
                    .filter(repeat -> repeat.look == null)
                    .ifPresent(repeat -> {
                        // Its pause is over when the run says so, and not a moment before.
                        world.jdbc
                                .sql(
                                        "UPDATE job SET not_before = now() + interval '1 h' WHERE id = :id AND not_before IS NOT NULL")
                                .param("id", repeat.id)
                                .update();
                        world.did("repeat of " + last, repeat, false);
                    });
        }
    }
}
