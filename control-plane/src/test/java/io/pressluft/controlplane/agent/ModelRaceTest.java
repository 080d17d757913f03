package io.pressluft.controlplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.TestServers;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobLife;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.job.StallReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The same rules with everybody at once: several threads drive the same few sites through whatever order comes. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelRaceTest {

    private static final int THREADS = 6;
    private static final int OPERATIONS = 600;
    private static final int MOST = 5;
    private static final JobFailure REASON = new JobFailure("playbook_failed", "It did not work.", null, "Try again.");

    private final CopyOnWriteArrayList<Job> written = new CopyOnWriteArrayList<>();
    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final List<String> takenTwice = new CopyOnWriteArrayList<>();
    private QuietControlPlane quiet;
    private ModelWorld world;

    @BeforeAll
    void start(TestServers servers) {
        quiet = new QuietControlPlane(servers, "model_race");
        world = new ModelWorld(quiet.app(), 1);
    }

    @AfterAll
    void stop() {
        quiet.close();
    }

    @Test
    void no_race_breaks_a_rule() throws Exception {
        var sites = new ArrayList<ModelWorld.Site>();
        for (int i = 0; i < 3; i++) {
            sites.add(site());
        }
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int thread = 0; thread < THREADS; thread++) {
                var random = new SplittableRandom(thread);
                all.add(pool.submit(() -> run(sites, random)));
            }
            for (var each : all) {
                each.get();
            }
        }
        world.rules.everything();
        world.rules.history();
        assertThat(world.rules.broken()).isEmpty();
        assertThat(takenTwice).isEmpty();
        assertThat(written).hasSizeGreaterThan(THREADS);
    }

    private ModelWorld.Site site() {
        var site = new ModelWorld.Site(world.id("site", 12), world.id("env", 8), world.anyNode());
        quiet.app().transaction().executeWithoutResult(status -> {
            ModelOperators.insert(world.jdbc, site);
            written.add(quiet.app()
                    .bean(Jobs.class)
                    .enqueue(NewJob.forEnvironment(
                            "site_create",
                            site.id(),
                            site.environment(),
                            site.node().id,
                            Map.of("environment_release", "20261121T000000Z"),
                            new Requester("me", null))));
        });
        return site;
    }

    private void run(List<ModelWorld.Site> sites, SplittableRandom random) {
        for (int i = 0; i < OPERATIONS; i++) {
            try {
                act(sites.get(random.nextInt(sites.size())), random);
            } catch (CodedException refused) {
                assertThat(refused.code().httpStatus()).isBetween(400, 499);
            }
        }
    }

    private void act(ModelWorld.Site site, SplittableRandom random) {
        var jobs = quiet.app().bean(Jobs.class);
        var life = quiet.app().bean(JobLife.class);
        int newest = Math.min(6, written.size());
        var job = written.get(written.size() - 1 - random.nextInt(newest));
        var node = job.parts().get(random.nextInt(job.parts().size())).nodeId();
        var id = job.id();
        switch (random.nextInt(14)) {
            case 0, 1 -> written.add(enqueue(jobs, site, random));
            case 2, 3, 4 -> take(life, id, node);
            case 5 -> life.running(id, node);
            case 6, 7 -> life.applied(id, node, Map.of("proof_public_key", "a-key"));
            case 8 -> life.decide(id, random.nextInt(4) == 0 ? Optional.of(REASON) : Optional.empty());
            case 9, 10 -> life.committed(id, node);
            case 11 -> {
                if (random.nextBoolean()) {
                    life.undone(id, node, REASON, random.nextInt(5) > 0);
                } else {
                    life.refused(id, node, REASON);
                }
            }
            case 12 -> {
                if (random.nextBoolean()) {
                    life.stalled(id, StallReason.AGENT_SILENT);
                } else {
                    jobs.resolve(id, "me");
                }
            }
            default -> {
                if (random.nextBoolean()) {
                    jobs.cancel(id, "me");
                } else {
                    written.add(jobs.retry(id, new Requester("me", null)));
                }
            }
        }
    }

    private Job enqueue(Jobs jobs, ModelWorld.Site site, SplittableRandom random) {
        var other = world.nodes.get(random.nextInt(world.nodes.size()));
        var type = random.nextInt(3) == 0 ? ModelTypes.CHECK : ModelTypes.DEPLOY;
        var wanted = NewJob.forEnvironment(
                type, site.id(), site.environment(), site.node().id, Map.of(), new Requester("me", null));
        return Objects.requireNonNull(quiet.app()
                .transaction()
                .execute(status -> jobs.enqueue(other == site.node() ? wanted : wanted.from(other.id))));
    }

    private void take(JobLife life, String id, String node) {
        if (life.dispatch(id, node, MOST).isPresent() && !taken.add(id + node)) {
            takenTwice.add(id);
        }
    }
}
