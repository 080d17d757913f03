package io.pressluft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.TestServers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of legal transitions are the same in Java and in PostgreSQL, and PostgreSQL refuses everything else. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StateTablesTest {

    private JdbcClient jdbc;
    private SampleRows rows;

    @BeforeAll
    void migrate(TestServers servers) {
        jdbc = JdbcClient.create(servers.freshDatabase("state_tables"));
        rows = new SampleRows(jdbc);
    }

    @ParameterizedTest
    @EnumSource
    void postgresql_holds_the_same_transitions_as_java(Machine machine) {
        var stored = new TreeSet<>(
                jdbc.sql("SELECT from_state || '>' || to_state FROM legal_transition WHERE machine = :machine")
                        .param("machine", machine.table())
                        .query(String.class)
                        .list());
        assertThat(stored).isEqualTo(machine.legalTransitions());
    }

    @ParameterizedTest
    @EnumSource
    void a_row_is_inserted_in_its_first_state_only(Machine machine) {
        var accepted = new HashSet<String>();
        for (var state : machine.states()) {
            if (taken(() -> rows.insert(machine, state))) {
                accepted.add(state);
            }
        }
        assertThat(accepted).containsExactly(machine.first());
    }

    @ParameterizedTest
    @EnumSource
    void every_illegal_update_is_refused_and_every_legal_one_taken(Machine machine) {
        var wrong = new ArrayList<String>();
        machine.pairs().filter(pair -> !pair.from().equals(pair.to())).forEach(pair -> {
            var id = rows.inState(machine, pair.from());
            if (taken(() -> rows.update(machine, id, pair.to())) != machine.legal(pair.from(), pair.to())) {
                wrong.add(pair.text());
            }
        });
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_state_that_no_machine_knows_is_refused(Machine machine) {
        var id = rows.inState(machine, machine.first());
        assertThat(taken(() -> rows.update(machine, id, "dreaming"))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void what_triggers_obey_says_the_same_as_the_table(Machine machine) {
        var states = Stream.concat(
                        Stream.of("", "dreaming"),
                        Arrays.stream(Machine.values()).flatMap(one -> one.states().stream()))
                .distinct()
                .toArray(String[]::new);
        assertThat(jdbc.sql("""
                        SELECT f.state || '>' || t.state
                        FROM unnest(:states::text[]) AS f (state), unnest(:states::text[]) AS t (state)
                        WHERE (is_legal(:machine, f.state, t.state) IS TRUE) IS DISTINCT FROM EXISTS (
                            SELECT 1 FROM legal_transition l
                            WHERE l.machine = :machine AND l.from_state = f.state AND l.to_state = t.state)
                        """)
                        .param("states", states)
                        .param("machine", machine.table())
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void no_state_is_taken_away(Machine machine) {
        var cleared = new ArrayList<String>();
        for (var state : machine.states()) {
            var id = rows.inState(machine, state);
            try {
                jdbc.sql("UPDATE " + machine.table() + " SET state = NULL WHERE " + machine.key() + " = :id")
                        .param("id", id)
                        .update();
                cleared.add(state);
            } catch (DataIntegrityViolationException refused) {
                assertThat(refused).hasMessageContaining("state");
            }
        }
        assertThat(cleared).isEmpty();
    }

    @Test
    void what_the_control_plane_does_itself_keeps_a_part_without_a_state() {
        var id = rows.partWithoutState();
        assertThat(jdbc.sql("UPDATE job_part SET state = NULL, locks_node = false WHERE job_id = :id")
                        .param("id", id)
                        .update())
                .isOne();
        assertThat(taken(() -> rows.update(Machine.JOB_PART, id, "committed"))).isFalse();
    }

    private static boolean taken(Runnable statement) {
        try {
            statement.run();
            return true;
        } catch (DataIntegrityViolationException refused) {
            assertThat(refused).hasMessageContaining("illegal transition");
            return false;
        }
    }
}
