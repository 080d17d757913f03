package io.pressluft.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Many thousand messages to an agent, chosen by a seed: repeated, reordered and stale ones, between restarts and losses of
 * its files. Another seed is tried with {@code -Dpressluft.seed=<number>}.
 */
class AgentModelTest {

    private static final int OPERATIONS = Integer.getInteger("pressluft.agent.operations", 20_000);
    private static final long SEED = Long.getLong("pressluft.seed", 20_261_121L);

    /** Of one agent; the next one begins with an empty disk. */
    private static final int OF_ONE_AGENT = 500;

    private final Logger log = Logger.getLogger("io.pressluft.agent");
    private Path disk;

    /** In memory where there is such a place: what a sync costs is not what is tried here. */
    @BeforeEach
    void makeDisk() throws IOException {
        log.setLevel(Level.OFF);
        var memory = Path.of("/dev/shm");
        disk = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "pressluft-model-")
                : Files.createTempDirectory("pressluft-model-");
    }

    @AfterEach
    void removeDisk() throws IOException {
        log.setLevel(null);
        try (var all = Files.walk(disk)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void no_order_of_messages_makes_an_older_job_act_after_a_newer_one() throws Exception {
        var begun = System.nanoTime();
        int done = 0;
        for (long seed = SEED; done < OPERATIONS; seed++) {
            var run = new AgentModelRun(disk.resolve("agent-" + seed), seed, AgentModelRun.Fault.NONE);
            done += run.operate(OF_ONE_AGENT);
            assertThat(run.broken()).as("seed %d", seed).isEmpty();
        }
        System.out.printf(
                "model of the agent: operations: %d, seed: %d, %.0f a second%n",
                done, SEED, done / ((System.nanoTime() - begun) / 1e9));
        assertThat(done).isGreaterThanOrEqualTo(OPERATIONS);
    }

    @Test
    void the_same_seed_makes_the_same_run() throws Exception {
        assertThat(effects("one", 7)).isEqualTo(effects("two", 7)).isNotEqualTo(effects("three", 8));
    }

    @Test
    void mutant_without_the_fence_an_older_job_acts_after_a_newer_one() throws Exception {
        var run = new AgentModelRun(disk.resolve("mutant"), SEED, AgentModelRun.Fault.TOKENS_NEVER_CONSULTED);
        int done = run.operate(OF_ONE_AGENT);
        assertThat(done).isPositive();
        assertThat(run.broken()).anySatisfy(rule -> assertThat(rule).contains("tokens of a site never go down"));
    }

    @Test
    void mutant_without_the_journal_a_finished_job_runs_again() throws Exception {
        var run = new AgentModelRun(disk.resolve("mutant"), SEED, AgentModelRun.Fault.JOURNAL_FORGOTTEN);
        int done = run.operate(OF_ONE_AGENT);
        assertThat(done).isPositive();
        assertThat(run.broken()).anySatisfy(rule -> assertThat(rule).contains("a job is applied once"));
    }

    private java.util.List<ScriptedUnits.Effect> effects(String name, long seed) throws Exception {
        var run = new AgentModelRun(disk.resolve(name), seed, AgentModelRun.Fault.NONE);
        assertThat(run.operate(OF_ONE_AGENT)).isEqualTo(OF_ONE_AGENT);
        return run.effects();
    }
}
