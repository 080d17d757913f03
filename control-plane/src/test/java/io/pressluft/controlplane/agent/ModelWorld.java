package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.Job;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Nodes and sites of their own in a shared database, and everything that a run knows of them. Ids take no part in choices. */
final class ModelWorld {

    private static final AtomicInteger WORLDS = new AtomicInteger();
    private static final int NODES = 4;
    private static final int REMEMBERED = 40;

    final SplittableRandom random;
    final JdbcClient jdbc;
    final ModelRules rules;
    final List<ModelNode> nodes = new ArrayList<>();
    final List<Site> sites = new ArrayList<>();
    final List<ModelJob> jobs = new ArrayList<>();
    private final Map<String, ModelJob> byId = new HashMap<>();
    private final LinkedHashMap<String, ModelJob> open = new LinkedHashMap<>();
    private final Deque<String> newest = new ArrayDeque<>();
    private final int world = WORLDS.incrementAndGet();
    private int ids;
    private long digest = 1;
    private @Nullable ModelJob lastTouched;

    /** A site with its environment. */
    record Site(String id, String environment, ModelNode node) {}

    ModelWorld(RunningControlPlane app, long seed) {
        this.random = new SplittableRandom(seed);
        this.jdbc = app.jdbc();
        this.rules = new ModelRules(jdbc);
        for (int i = 0; i < NODES; i++) {
            nodes.add(node());
        }
    }

    private ModelNode node() {
        var id = id("node", 12);
        jdbc.sql("""
                INSERT INTO node (id, name, state, source, provider, web_stack, memory_mb, cpus, last_heartbeat_at)
                VALUES (:id, :name, 'acquiring', 'local', 'scripted', 'nginx', 2048, 2, 'infinity')
                """).param("id", id).param("name", id.replace('_', '-')).update();
        for (var next : List.of("provisioning", "ready")) {
            jdbc.sql("UPDATE node SET state = :state WHERE id = :id")
                    .param("state", next)
                    .param("id", id)
                    .update();
        }
        return new ModelNode(id, random.split());
    }

    String id(String prefix, int length) {
        ids++;
        return "%s_%0{n}d".replace("{n}", Integer.toString(length)).formatted(prefix, world * 10_000L + ids);
    }

    ModelNode anyNode() {
        return any(nodes);
    }

    <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** The job as the model knows it, made known if it is new. */
    ModelJob known(Job job) {
        var known = byId.get(job.id());
        if (known == null) {
            known = new ModelJob(jobs.size(), job);
            jobs.add(known);
            byId.put(job.id(), known);
            open.put(job.id(), known);
        }
        return known;
    }

    @Nullable
    ModelJob job(String id) {
        return byId.get(id);
    }

    /** One that has not ended, mostly; now and then one that has, for what comes too late. */
    @Nullable
    ModelJob openOrOld(boolean worker) {
        if (!jobs.isEmpty() && chance(8)) {
            var old = any(jobs);
            return old.worker == worker ? old : null;
        }
        var fitting = open.values().stream().filter(job -> job.worker == worker).toList();
        return fitting.isEmpty() ? null : any(fitting);
    }

    @Nullable
    ModelJob lastTouched() {
        return lastTouched;
    }

    List<ModelJob> open() {
        return List.copyOf(open.values());
    }

    /** Looks at the job, and notes what was done to it. */
    void did(String what, ModelJob job, boolean provedNow) {
        rules.touched(job, provedNow);
        lastTouched = job;
        if (job.ended()) {
            open.remove(job.id);
        }
        did(what + " " + job + " " + (job.look == null ? "" : job.look.outcome()));
    }

    void did(String what) {
        digest = digest * 31 + what.hashCode();
        newest.addLast(what);
        if (newest.size() > REMEMBERED) {
            newest.removeFirst();
        }
    }

    /** Equal for two runs in which the same happened. */
    long digest() {
        return digest;
    }

    String story() {
        return String.join("\n", newest);
    }
}
