package io.pressluft.controlplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.TestServers;
import io.pressluft.controlplane.job.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Many thousand operations of several replicas, agents and operators, chosen by a seed. Another one is tried with
 * {@code -Dpressluft.seed=<number>}, and a failed one is told with its seed.
 */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelTest {

    private static final int OPERATIONS = Integer.getInteger("pressluft.operations", 100_000);
    private static final long SEED = Long.getLong("pressluft.seed", 20_261_121L);

    /** Each has nodes and sites of its own and runs in one thread, so that it is the same again for the same seed. */
    private static final int WORLDS = 4;

    private final List<ModelRun> runs = new ArrayList<>();
    private QuietControlPlane quiet;
    private int done;

    @BeforeAll
    void run(TestServers servers) throws Exception {
        quiet = new QuietControlPlane(servers, "model");
        var begun = System.nanoTime();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Integer>>();
            for (int world = 0; world < WORLDS; world++) {
                var run = new ModelRun(quiet, SEED + world);
                runs.add(run);
                all.add(pool.submit(told(run, SEED + world)));
            }
            for (var each : all) {
                done += each.get();
            }
        }
        runs.getFirst().world().rules.history();
        System.out.printf(
                "model of the control plane: operations: %d, seed: %d, %.0f a second, jobs: %d%n",
                done,
                SEED,
                done / ((System.nanoTime() - begun) / 1e9),
                runs.stream().mapToInt(run -> run.world().jobs.size()).sum());
    }

    @AfterAll
    void stop() {
        quiet.close();
    }

    @Test
    void no_order_of_messages_breaks_a_rule() {
        assertThat(runs)
                .flatMap(run -> run.world().rules.broken())
                .as("seed %d", SEED)
                .isEmpty();
    }

    @Test
    void all_operations_were_done() {
        assertThat(done).isGreaterThanOrEqualTo(OPERATIONS);
    }

    @Test
    void every_transition_that_the_product_makes_was_met() {
        assertThat(transitions()).containsExactlyElementsOf(made());
    }

    /**
     * No job is handed back: a part that was taken stays taken. What a worker takes and ends in one transaction is told
     * as one.
     */
    private static Set<String> made() {
        var all = new TreeSet<String>();
        for (var from : JobState.values()) {
            for (var to : JobState.values()) {
                if (from.canBecome(to)) {
                    all.add(from.text() + ">" + to.text());
                }
            }
        }
        all.remove("dispatched>queued");
        all.addAll(Set.of("queued>running", "running>succeeded"));
        return all;
    }

    private Set<String> transitions() {
        return new TreeSet<>(quiet.app().jdbc().sql("""
                        SELECT DISTINCT before || '>' || state FROM (
                            SELECT body ->> 'state' AS state,
                                   lag(body ->> 'state') OVER (PARTITION BY job_id ORDER BY number) AS before
                            FROM job_event WHERE kind = 'job') AS told
                        WHERE before <> state
                        """).query(String.class).list());
    }

    @Test
    void the_same_seed_makes_the_same_run() {
        assertThat(digest(7)).isEqualTo(digest(7)).isNotEqualTo(digest(8));
    }

    private long digest(long seed) {
        var run = new ModelRun(quiet, seed);
        run.operate(1_500);
        return run.world().digest();
    }

    private static Callable<Integer> told(ModelRun run, long seed) {
        return () -> {
            try {
                return run.operate(OPERATIONS / WORLDS);
            } catch (RuntimeException broken) {
                throw new AssertionError(
                        "seed " + seed + " after:\n" + run.world().story(), broken);
            }
        };
    }
}
