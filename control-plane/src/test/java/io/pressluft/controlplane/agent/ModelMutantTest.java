package io.pressluft.controlplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.TestServers;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The model would see it: each test takes one safeguard away and expects the run to break a rule. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelMutantTest {

    private static final int OPERATIONS = 4_000;

    private QuietControlPlane quiet;

    @BeforeAll
    void start(TestServers servers) {
        quiet = new QuietControlPlane(servers, "model_mutants");
    }

    @AfterAll
    void stop() {
        quiet.close();
    }

    @BeforeEach
    void restore() {
        quiet.database().rewrite(UnaryOperator.identity());
        quiet.app().clean();
    }

    @AfterEach
    void forget() {
        quiet.database().rewrite(UnaryOperator.identity());
    }

    @Test
    void a_run_on_the_product_as_it_is_breaks_nothing() {
        assertThat(broken()).isEmpty();
    }

    @Test
    void without_the_guarded_take_a_part_is_taken_twice() {
        quiet.database()
                .rewrite(sql -> sql.contains("SET state = 'dispatched'")
                        ? sql.replaceAll("AND ([a-z]+\\.)?state = '(waiting|queued)'", "")
                        : sql);
        withoutTriggers("job", "job_part");
        var broken = broken();
        withTriggers("job", "job_part");
        assertThat(quiet.database().changed()).isPositive();
        assertThat(broken).anySatisfy(rule -> assertThat(rule).contains("taken once"));
    }

    @Test
    void without_the_unique_index_a_site_has_two_exclusive_jobs() {
        sql("DROP INDEX one_unfinished_exclusive_job_per_site");
        quiet.database()
                .rewrite(sql -> sql.replace("ON CONFLICT (busy_site) WHERE busy_site IS NOT NULL DO NOTHING", "")
                        .replace("NOT EXISTS (SELECT 1 FROM job b WHERE b.busy_site = w.site)", "true"));
        var broken = broken();
        quiet.app().clean();
        sql("""
                CREATE UNIQUE INDEX one_unfinished_exclusive_job_per_site ON job (busy_site)
                WHERE busy_site IS NOT NULL
                """);
        assertThat(quiet.database().changed()).isPositive();
        assertThat(broken)
                .anySatisfy(rule -> assertThat(rule).contains("a site has at most one unfinished exclusive job"));
    }

    @Test
    void without_its_trigger_a_fence_goes_back() {
        withoutTriggers("fence");
        var broken = broken();
        withTriggers("fence");
        assertThat(broken).anySatisfy(rule -> assertThat(rule).contains("a token is not taken back"));
    }

    @Test
    void a_commit_whatever_the_proof_says_is_seen() {
        quiet.database()
                .rewrite(sql -> sql.contains("SET verdict = ?")
                        ? sql.replace("SET verdict = ?", "SET verdict = coalesce('commit', ?)")
                        : sql);
        var broken = broken();
        assertThat(quiet.database().changed()).isPositive();
        assertThat(broken).anySatisfy(rule -> assertThat(rule).contains("no commit without proof"));
    }

    @Test
    void an_ending_that_leaves_the_site_behind_is_seen() {
        quiet.database()
                .rewrite(sql -> sql.contains("UPDATE site SET state = ?, failure_code")
                        ? sql.replace("WHERE id = ?", "WHERE id = ? AND state <> 'deleting'")
                        : sql);
        var broken = broken();
        assertThat(quiet.database().changed()).isPositive();
        assertThat(broken).isNotEmpty();
    }

    private List<String> broken() {
        var run = new ModelRun(quiet, 20_261_121L);
        try {
            int done = run.operate(OPERATIONS);
            assertThat(done).isPositive();
        } catch (RuntimeException ended) {
            run.world().rules.broke("no operation ends by an unexpected error", ended);
        }
        return run.world().rules.broken();
    }

    private void withoutTriggers(String... tables) {
        for (var table : tables) {
            sql("ALTER TABLE " + table + " DISABLE TRIGGER USER");
        }
    }

    private void withTriggers(String... tables) {
        for (var table : tables) {
            sql("ALTER TABLE " + table + " ENABLE TRIGGER USER");
        }
    }

    private void sql(String statement) {
        quiet.app().jdbc().sql(statement).update();
    }
}
