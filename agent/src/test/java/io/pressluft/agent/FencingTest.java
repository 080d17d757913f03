package io.pressluft.agent;

import static io.pressluft.agent.TestNode.JOB;
import static io.pressluft.agent.TestNode.SITE;
import static io.pressluft.agent.TestNode.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.v1.Phase;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class FencingTest extends AgentTest {

    private static final String OTHER_JOB = "job_bbbbbbbbbbbb";
    private static final String OTHER_SITE = "site_bbbbbbbbbbbb";

    @Test
    void a_lower_token_is_refused() throws Exception {
        gateway.highest(SITE, 7);
        node.startAndConnect();

        gateway.offer(offer(JOB, 6).build());

        var answer = gateway.awaitAnswer(JOB);
        assertThat(answer.getAccepted()).isFalse();
        assertThat(answer.getCode()).isEqualTo("fenced_off");
        assertThat(node.effects()).isEmpty();
    }

    @Test
    void an_equal_token_is_refused_to_another_job() throws Exception {
        node.startAndConnect();
        gateway.offer(offer(JOB, 3).build());
        gateway.awaitReport(JOB, Phase.APPLY);

        gateway.offer(offer(OTHER_JOB, 3).build());

        assertThat(gateway.awaitAnswer(OTHER_JOB).getCode()).isEqualTo("fenced_off");
    }

    @Test
    void an_equal_token_is_refused_to_another_job_when_the_token_files_were_lost() throws Exception {
        node.startAndConnect();
        gateway.offer(offer(JOB, 3).build());
        gateway.awaitReport(JOB, Phase.APPLY);
        Files.delete(node.state("tokens/" + SITE));
        Files.delete(node.state("tokens/" + SITE + ".holder"));

        gateway.offer(offer(OTHER_JOB, 3).build());

        assertThat(gateway.awaitAnswer(OTHER_JOB).getCode()).isEqualTo("fenced_off");
    }

    @Test
    void missing_and_huge_tokens_are_refused() throws Exception {
        node.startAndConnect();

        gateway.offer(offer(JOB, 0).build());
        gateway.offer(offer(OTHER_JOB, Long.MAX_VALUE).build());

        assertThat(gateway.awaitAnswer(JOB).getCode()).isEqualTo("fenced_off");
        assertThat(gateway.awaitAnswer(OTHER_JOB).getCode()).isEqualTo("fenced_off");
    }

    @Test
    void a_newer_job_fences_off_the_one_that_waits_for_its_verdict() throws Exception {
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitReport(JOB, Phase.APPLY);

        gateway.offer(offer(OTHER_JOB, 2).build());

        var report = gateway.awaitReport(JOB, Phase.UNDO);
        assertThat(report.getSucceeded()).isFalse();
        assertThat(report.getCode()).isEqualTo("fenced_off");
        assertThat(report.getUndoReason()).isEqualTo("fenced_off");
        gateway.awaitReport(OTHER_JOB, Phase.APPLY);
        assertThat(node.effects()).containsExactly("apply", "apply");
    }

    @Test
    void a_delayed_site_delete_is_refused_after_a_newer_job_of_the_site() throws Exception {
        node.playbook("site-delete.yml", "effect delete; finished succeeded");
        node.startAndConnect();
        gateway.offer(offer(JOB, 2).build());
        gateway.awaitReport(JOB, Phase.APPLY);
        gateway.verdict(JOB, Phase.COMMIT);
        gateway.awaitReport(JOB, Phase.COMMIT);

        gateway.offer(offer(OTHER_JOB, 1).setType("site_delete").build());

        var answer = gateway.awaitAnswer(OTHER_JOB);
        assertThat(answer.getAccepted()).isFalse();
        assertThat(answer.getCode()).isEqualTo("fenced_off");
        assertThat(node.effects()).containsExactly("apply");
    }

    @Test
    void a_site_delete_that_is_the_newest_job_of_the_site_runs() throws Exception {
        node.playbook("site-delete.yml", "effect delete; finished succeeded");
        node.startAndConnect();
        gateway.offer(offer(JOB, 2).build());
        gateway.awaitReport(JOB, Phase.APPLY);
        gateway.verdict(JOB, Phase.COMMIT);
        gateway.awaitReport(JOB, Phase.COMMIT);

        gateway.offer(offer(OTHER_JOB, 3).setType("site_delete").build());

        gateway.awaitReport(OTHER_JOB, Phase.APPLY);
        assertThat(node.effects()).containsExactly("apply", "delete");
    }

    @Test
    void a_fenced_run_is_not_undone() throws Exception {
        node.playbook("site-create.yml", "effect apply; finished fenced; exit 70");
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).build());

        assertThat(gateway.awaitReport(JOB, Phase.UNDO).getUndoReason()).isEqualTo("fenced_off");
        assertThat(node.effects()).containsExactly("apply");
    }

    @Test
    void a_redelivered_offer_is_answered_and_not_run_again() throws Exception {
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitReport(JOB, Phase.APPLY);
        gateway.verdict(JOB, Phase.COMMIT);
        gateway.awaitReport(JOB, Phase.COMMIT);
        Eventually.holds("closed", () -> !Files.exists(node.state("jobs/" + JOB + "/apply")));
        int before = gateway.reports(JOB).size();

        gateway.offer(offer(JOB, 1).build());

        Eventually.holds("told again", () -> gateway.reports(JOB).size() > before);
        assertThat(gateway.answers(JOB)).hasSize(2).allMatch(answer -> answer.getAccepted());
        assertThat(gateway.reports(JOB).getLast().getPhase()).isEqualTo(Phase.COMMIT);
        assertThat(node.effects()).containsExactly("apply");
    }

    @Test
    void an_unknown_type_is_refused_before_any_effect() throws Exception {
        node.startAndConnect();

        gateway.offer(offer(JOB, 5).setType("env_teleport").build());

        assertThat(gateway.awaitAnswer(JOB).getCode()).isEqualTo("unknown_job_type");
        assertThat(node.state("tokens/" + SITE)).doesNotExist();
        assertThat(node.state("jobs/" + JOB)).doesNotExist();
    }

    @Test
    void a_type_cannot_leave_the_playbooks() throws Exception {
        node.startAndConnect();

        gateway.offer(offer(JOB, 5).setType("../../etc/x").build());

        assertThat(gateway.awaitAnswer(JOB).getCode()).isEqualTo("unknown_job_type");
    }

    @Test
    void a_payload_that_steers_ansible_is_refused() throws Exception {
        node.startAndConnect();

        gateway.offer(offer(JOB, 5)
                .setPayload("{\"ansible_python_interpreter\":\"/bin/sh\"}")
                .build());

        assertThat(gateway.awaitAnswer(JOB).getCode()).isEqualTo("payload_invalid");
    }

    @Test
    void sites_run_beside_each_other_and_jobs_of_one_site_after_each_other() throws Exception {
        node.playbook("site-create.yml", "effect begin; wait_for go; effect end; finished succeeded");
        node.startAndConnect();

        gateway.offer(offer(JOB, 1).build());
        gateway.offer(offer("job_cccccccccccc", 1).setSiteId(OTHER_SITE).build());
        gateway.offer(offer(OTHER_JOB, 2).build());

        Eventually.holds("two have begun", () -> node.effects().size() == 2);
        gateway.awaitAnswer(OTHER_JOB);
        assertThat(node.effects()).containsExactly("begin", "begin");
        node.release("go");
        gateway.awaitReport(OTHER_JOB, Phase.APPLY);
        assertThat(node.effects()).hasSize(6);
    }
}
