package io.pressluft.agent;

import static io.pressluft.agent.TestNode.JOB;
import static io.pressluft.agent.TestNode.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.Step;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobCourseTest extends AgentTest {

    private static final String PROOF_STEP = "Prove the front page on the node";

    @Test
    void applies_proves_and_commits() throws Exception {
        node.playbook("site-create.yml", """
                cp "$variables" ../../seen-variables
                started 1 'Make the user'; ended 1 'Make the user' changed
                event '{"event":"outputs","values":{"proof_public_key":"%s","php_version":8}}'
                effect apply; finished succeeded
                """.formatted(page.publicKey()));
        node.playbook(
                "site-create-commit.yml",
                "started 1 'Tidy up'; ended 1 'Tidy up' ok; effect commit; finished succeeded");
        page.answerForeign(3);
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).setFrontPage(TestNode.page()).build());

        assertThat(gateway.awaitAnswer(JOB).getAccepted()).isTrue();
        var applied = gateway.awaitReport(JOB, Phase.APPLY);
        assertThat(applied.getSucceeded()).isTrue();
        assertThat(applied.getOutputsMap()).containsEntry("php_version", "8");
        gateway.verdict(JOB, Phase.COMMIT);
        assertThat(gateway.awaitReport(JOB, Phase.COMMIT).getSucceeded()).isTrue();
        assertThat(node.effects()).containsExactly("apply", "commit");
        assertThat(gateway.steps(JOB))
                .filteredOn(step -> !step.getOutcome().equals("running"))
                .extracting(Step::getOrdinal, Step::getPhase, Step::getName, Step::getOutcome)
                .containsExactly(
                        tuple(1, Phase.APPLY, "Make the user", "changed"),
                        tuple(2, Phase.APPLY, PROOF_STEP, "ok"),
                        tuple(3, Phase.COMMIT, "Tidy up", "ok"));
        Eventually.holds("the runs are gone", () -> !Files.exists(node.state("jobs/" + JOB + "/apply")));
        assertThat(node.state("jobs/" + JOB + "/record.json")).exists();
    }

    @Test
    void a_failed_apply_is_undone_at_once() throws Exception {
        node.playbook("site-create.yml", """
                started 1 'Make the database'
                ended 1 'Make the database' failed database_unavailable 'MariaDB does not answer.'
                finished failed
                exit 2
                """);
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).build());

        var report = gateway.awaitReport(JOB, Phase.UNDO);
        assertThat(report.getSucceeded()).isTrue();
        assertThat(report.getUndoReason()).isEqualTo("apply_failed");
        assertThat(report.getCode()).isEqualTo("database_unavailable");
        assertThat(report.getMessage()).isEqualTo("MariaDB does not answer.");
        assertThat(report.getFailingStep()).isEqualTo("Make the database");
        assertThat(node.effects()).containsExactly("undo");
        assertThat(gateway.reports(JOB)).noneMatch(told -> told.getPhase() == Phase.APPLY);
    }

    @Test
    void a_page_that_does_not_prove_itself_is_undone() throws Exception {
        node.playbook(
                "site-create.yml",
                "effect apply; event '{\"event\":\"outputs\",\"values\":{\"proof_public_key\":\"%s\"}}'; finished succeeded"
                        .formatted(page.publicKey()));
        page.answerForeign(Integer.MAX_VALUE);
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).setFrontPage(TestNode.page()).build());

        var report = gateway.awaitReport(JOB, Phase.UNDO);
        assertThat(report.getCode()).isEqualTo("proof_missing");
        assertThat(report.getFailingStep()).isEqualTo(PROOF_STEP);
        assertThat(report.getUndoReason()).isEqualTo("apply_failed");
        assertThat(node.effects()).containsExactly("apply", "undo");
        assertThat(gateway.awaitStep(JOB, PROOF_STEP).getOutcome()).isEqualTo("failed");
    }

    @Test
    void an_undo_verdict_is_carried_out() throws Exception {
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitReport(JOB, Phase.APPLY);

        gateway.verdict(JOB, Phase.UNDO);

        var report = gateway.awaitReport(JOB, Phase.UNDO);
        assertThat(report.getSucceeded()).isTrue();
        assertThat(report.getUndoReason()).isEmpty();
        assertThat(node.effects()).containsExactly("apply", "undo");
    }

    /** As on a disk without room. */
    @Test
    void a_job_whose_journal_cannot_be_written_goes_on_once_it_can() throws Exception {
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitReport(JOB, Phase.APPLY);
        var record = node.state("jobs/" + JOB + "/record.json");
        var saved = node.state("jobs/" + JOB + "/saved");
        Eventually.holds(
                "the agent knows that its report was seen, and writes no more",
                () -> Files.readString(record).contains("\"seen\":true"));
        Files.move(record, saved);
        var inTheWay = Files.createDirectories(record.resolve("in-the-way"));

        gateway.verdict(JOB, Phase.COMMIT);
        Eventually.holds("the agent has tried", () -> Files.exists(node.state("jobs/" + JOB + "/.record.json.new")));
        assertThat(gateway.reports(JOB)).noneMatch(told -> told.getPhase() == Phase.COMMIT);

        Files.delete(inTheWay);
        Files.delete(record);
        Files.move(saved, record);
        Eventually.holds("it is committed", () -> {
            if (gateway.connected()) {
                gateway.verdict(JOB, Phase.COMMIT);
            }
            return gateway.reports(JOB).stream()
                    .anyMatch(told -> told.getPhase() == Phase.COMMIT && told.getSucceeded());
        });
        assertThat(node.effects()).containsExactly("apply");
    }

    @Test
    void a_step_that_hangs_is_ended_and_undone() throws Exception {
        node.playbook("site-create.yml", """
                started 1 'Make the user'; ended 1 'Make the user' changed
                started 2 'Make the database'
                exec sleep 60
                """);
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).setStepDeadlineMs(400).build());

        var report = gateway.awaitReport(JOB, Phase.UNDO);
        assertThat(report.getSucceeded()).isTrue();
        assertThat(report.getCode()).isEqualTo("step_deadline_exceeded");
        assertThat(report.getFailingStep()).isEqualTo("Make the database");
        assertThat(report.getUndoReason()).isEqualTo("deadline");
        assertThat(node.effects()).containsExactly("undo");
    }

    @Test
    void an_undo_verdict_during_the_apply_ends_it_before_its_next_step() throws Exception {
        node.playbook("site-create.yml", """
                started 1 'Make the user'
                effect begun
                while [ ! -e "$PRESSLUFT_CANCEL_FILE" ] && [ -d "${PRESSLUFT_EVENTS%/*}" ]; do sleep 0.02; done
                ended 1 'Make the user' changed
                finished cancelled
                exit 72
                """);
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        Eventually.holds("the apply has begun", () -> node.effects().contains("begun"));

        gateway.verdict(JOB, Phase.UNDO);

        assertThat(gateway.awaitReport(JOB, Phase.UNDO).getSucceeded()).isTrue();
        assertThat(node.effects()).containsExactly("begun", "undo");
        assertThat(gateway.reports(JOB)).noneMatch(told -> told.getPhase() == Phase.APPLY);
    }

    @Test
    void without_a_verdict_the_deadline_undoes() throws Exception {
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).setDeadlineMs(700).build());

        gateway.awaitReport(JOB, Phase.APPLY);
        var report = gateway.awaitReport(JOB, Phase.UNDO);
        assertThat(report.getUndoReason()).isEqualTo("deadline");
        assertThat(report.getCode()).isEqualTo("deadline_exceeded");
        assertThat(node.effects()).containsExactly("apply", "undo");
    }

    @Test
    void the_deadline_undoes_while_the_gateway_is_away() throws Exception {
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).setDeadlineMs(700).build());
        gateway.awaitReport(JOB, Phase.APPLY);

        gateway.close();

        Eventually.holds("undone", () -> node.effects().equals(List.of("apply", "undo")));
    }

    @Test
    void a_step_that_hangs_past_the_deadline_is_stopped() throws Exception {
        node.playbook("site-create.yml", "started 1 'Hang'; sleep 60");
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).setDeadlineMs(300).build());

        var report = gateway.awaitReport(JOB, Phase.UNDO);
        assertThat(report.getCode()).isEqualTo("deadline_exceeded");
        assertThat(report.getFailingStep()).isEqualTo("Hang");
        assertThat(report.getUndoReason()).isEqualTo("deadline");
    }

    @Test
    void an_undo_that_fails_says_so() throws Exception {
        node.playbook("site-create.yml", "finished failed; exit 2");
        node.playbook(
                "site-create-undo.yml", "started 1 'Drop'; ended 1 'Drop' failed busy 'It is busy.'; finished failed");
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).build());

        var report = gateway.awaitReport(JOB, Phase.UNDO);
        assertThat(report.getSucceeded()).isFalse();
        assertThat(report.getCode()).as("what went wrong first").isEqualTo("playbook_failed");
        assertThat(report.getMessage()).contains("The playbook failed.").contains("\"Drop\": It is busy.");
    }

    @Test
    void a_run_without_a_word_puts_its_output_into_the_log() throws Exception {
        node.playbook("site-create.yml", "echo 'no such module'; exit 4");
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).build());

        assertThat(gateway.awaitReport(JOB, Phase.UNDO).getCode()).isEqualTo("playbook_failed");
        assertThat(gateway.log(JOB))
                .anyMatch(chunk -> chunk.getContent().toStringUtf8().contains("no such module"));
    }

    @Test
    void payload_strings_reach_the_playbook_as_data() throws Exception {
        node.playbook("site-create.yml", "cat \"$variables\" >../../seen; finished succeeded");
        node.startAndConnect();

        gateway.offer(offer(JOB, 1)
                .setPayload("{\"environment_title\":\"{{ lookup('pipe','id') }}\",\"environment_tasks_max\":7}")
                .build());

        gateway.awaitReport(JOB, Phase.APPLY);
        assertThat(Files.readString(node.state("../seen")))
                .contains("{\"__ansible_unsafe\":\"{{ lookup('pipe','id') }}\"}")
                .contains("\"environment_tasks_max\":7")
                .contains("\"pressluft_phase\":\"apply\"");
    }
}
