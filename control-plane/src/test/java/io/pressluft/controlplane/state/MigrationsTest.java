package io.pressluft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.TestServers;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the schema refuses, whoever asks. */
@ControlPlaneTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationsTest {

    private javax.sql.DataSource database;
    private JdbcClient jdbc;
    private SampleRows rows;

    @BeforeAll
    void migrate(TestServers servers) {
        database = servers.freshDatabase("migrations");
        jdbc = JdbcClient.create(database);
        rows = new SampleRows(jdbc);
    }

    @Test
    void the_migrations_apply_to_an_empty_database_once() {
        assertThat(Flyway.configure().dataSource(database).load().migrate().migrationsExecuted)
                .isZero();
    }

    @Test
    void a_line_of_the_audit_log_is_not_changed() {
        audited();
        refused("UPDATE audit_entry SET outcome = 'succeeded'", "only appended to");
    }

    @Test
    void a_line_of_the_audit_log_is_not_deleted() {
        audited();
        refused("DELETE FROM audit_entry", "only appended to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit_entry", "fence", "job", "job_part", "job_event"})
    void what_must_be_remembered_is_not_emptied(String table) {
        refused("TRUNCATE " + table + " CASCADE", "only");
    }

    @Test
    void a_fence_is_not_taken_away() {
        fence("site_standing_on", 7);
        refused("DELETE FROM fence WHERE site_id = 'site_standing_on'", "only added to");
    }

    @Test
    void a_fencing_token_does_not_shrink() {
        fence("site_shrinking", 7);
        refused("UPDATE fence SET token = 6 WHERE site_id = 'site_shrinking'", "may only grow");
    }

    @Test
    void a_fencing_token_is_not_issued_twice() {
        fence("site_standing", 7);
        refused("UPDATE fence SET token = 7 WHERE site_id = 'site_standing'", "may only grow");
    }

    @Test
    void a_fencing_token_grows() {
        fence("site_growing", 7);
        assertThat(jdbc.sql("UPDATE fence SET token = 8 WHERE site_id = 'site_growing'")
                        .update())
                .isOne();
    }

    @Test
    void a_settled_job_keeps_its_failure() {
        var job = settledJob();
        refused("UPDATE job SET failure_code = 'disk_full' WHERE id = '" + job + "'", "has ended");
    }

    @Test
    void a_settled_job_keeps_its_payload() {
        var job = settledJob();
        refused("UPDATE job SET payload = '{\"other\": 1}' WHERE id = '" + job + "'", "has ended");
    }

    @Test
    void a_settled_job_keeps_the_time_of_its_end() {
        var job = settledJob();
        refused("UPDATE job SET settled_at = NULL WHERE id = '" + job + "'", "has ended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verdict = 'commit'", "undone = false", "failure_message = 'Else.'", "cancelled_by = 'me'"})
    void a_settled_job_keeps_its_outcome(String change) {
        var job = settledJob();
        refused("UPDATE job SET " + change + " WHERE id = '" + job + "'", "has ended");
    }

    @Test
    void a_settled_job_keeps_its_outcome_even_without_the_time_of_its_end() {
        var job = rows.inState(Machine.JOB, "running");
        jdbc.sql("UPDATE job SET state = 'failed', failure_code = 'playbook_failed' WHERE id = :id")
                .param("id", job)
                .update();
        refused("UPDATE job SET failure_code = 'disk_full' WHERE id = '" + job + "'", "has ended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fencing_token = 3", "exclusive = true, fencing_token = 9", "type = 'other'"})
    void the_order_of_a_job_does_not_change(String change) {
        var job = rows.inState(Machine.JOB, "running");
        refused("UPDATE job SET " + change + " WHERE id = '" + job + "'", "the order of job");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'undo'", "NULL"})
    void what_was_decided_stands(String verdict) {
        var job = rows.inState(Machine.JOB, "verifying");
        jdbc.sql("UPDATE job SET verdict = 'commit' WHERE id = :id")
                .param("id", job)
                .update();
        refused("UPDATE job SET verdict = " + verdict + " WHERE id = '" + job + "'", "the verdict of job");
    }

    @Test
    void an_unfinished_job_is_not_deleted() {
        var job = rows.inState(Machine.JOB, "stalled");
        refused("DELETE FROM job WHERE id = '" + job + "'", "is unfinished");
    }

    @Test
    void a_part_of_an_unfinished_job_is_not_deleted() {
        var job = rows.inState(Machine.JOB_PART, "running");
        refused("DELETE FROM job_part WHERE job_id = '" + job + "'", "is unfinished");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UPDATE job_event SET number = 2", "DELETE FROM job_event", "UPDATE job SET event_count = 0"})
    void what_happened_to_a_job_is_not_rewritten(String statement) {
        var job = rows.inState(Machine.JOB, "running");
        jdbc.sql("INSERT INTO job_event (job_id, number, kind, body) VALUES (:id, 1, 'job', '{}')")
                .param("id", job)
                .update();
        jdbc.sql("UPDATE job SET event_count = 1 WHERE id = :id")
                .param("id", job)
                .update();
        assertThatThrownBy(() -> jdbc.sql(statement).update()).isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void a_job_that_was_told_to_undo_does_not_succeed() {
        var job = rows.inState(Machine.JOB, "verifying");
        jdbc.sql("UPDATE job SET verdict = 'undo' WHERE id = :id")
                .param("id", job)
                .update();
        refused("UPDATE job SET state = 'succeeded' WHERE id = '" + job + "'", "job_check");
    }

    @Test
    void a_failed_job_has_a_code() {
        var job = rows.inState(Machine.JOB, "running");
        refused("UPDATE job SET state = 'failed' WHERE id = '" + job + "'", "job_check");
    }

    @Test
    void an_exclusive_job_of_a_site_has_a_token() {
        var site = rows.inState(Machine.SITE, "creating");
        refused("""
                INSERT INTO job (id, type, state, exclusive, site_id, payload, requested_by)
                VALUES ('%s', 'sample', 'queued', true, '%s', '{}', 'me')
                """.formatted(Rows.id("job", 12), site), "job_check");
    }

    @Test
    void a_site_has_one_unfinished_exclusive_job() {
        var site = rows.inState(Machine.SITE, "creating");
        jdbc.sql(exclusive(site, 1)).update();
        refused(exclusive(site, 2), "one_unfinished_exclusive_job_per_site");
    }

    @Test
    void a_node_has_one_unfinished_exclusive_job() {
        var node = rows.inState(Machine.NODE, "ready");
        jdbc.sql(locking(node)).update();
        refused(locking(node), "one_unfinished_exclusive_job_per_node");
    }

    @Test
    void a_user_uses_an_idempotency_key_once() {
        var keyed = """
                INSERT INTO job (id, type, state, exclusive, payload, requested_by, idempotency_key)
                VALUES ('%s', 'sample', 'queued', false, '{}', 'me', 'the-same')
                """;
        jdbc.sql(keyed.formatted(Rows.id("job", 12))).update();
        refused(keyed.formatted(Rows.id("job", 12)), "job_idempotency");
    }

    private static String exclusive(String site, int token) {
        return """
                INSERT INTO job (id, type, state, exclusive, site_id, fencing_token, payload, requested_by)
                VALUES ('%s', 'sample', 'queued', true, '%s', %d, '{}', 'me')
                """.formatted(Rows.id("job", 12), site, token);
    }

    private String locking(String node) {
        return "INSERT INTO job_part (job_id, part, node_id, role, locks_node) VALUES ('%s', 0, '%s', 'target', true)"
                .formatted(rows.insert(Machine.JOB, "queued"), node);
    }

    private String settledJob() {
        var job = rows.inState(Machine.JOB, "running");
        jdbc.sql("UPDATE job SET state = 'failed', failure_code = 'playbook_failed', settled_at = now() WHERE id = :id")
                .param("id", job)
                .update();
        return job;
    }

    private void audited() {
        jdbc.sql("INSERT INTO audit_entry (actor, action, target, outcome) VALUES ('me', 'look', 'it', 'requested')")
                .update();
    }

    private void fence(String site, long token) {
        jdbc.sql("INSERT INTO fence (site_id, token) VALUES (:site, :token)")
                .param("site", site)
                .param("token", token)
                .update();
    }

    private void refused(String statement, String because) {
        assertThatThrownBy(() -> jdbc.sql(statement).update())
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining(because);
    }
}
