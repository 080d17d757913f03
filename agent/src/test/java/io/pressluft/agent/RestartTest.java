package io.pressluft.agent;

import static io.pressluft.agent.TestNode.JOB;
import static io.pressluft.agent.TestNode.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.v1.LogChunk;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RestartTest extends AgentTest {

    @Test
    void a_report_is_sent_until_it_is_seen() throws Exception {
        node.startAndConnect();
        gateway.loseReports(3);

        gateway.offer(offer(JOB, 1).build());

        Eventually.holds("sent four times", () -> gateway.reports(JOB).size() == 4);
        assertThat(gateway.reports(JOB)).containsOnly(gateway.reports(JOB).getFirst());
    }

    @Test
    void steps_and_log_go_on_after_a_broken_stream_without_a_gap() throws Exception {
        node.playbook("site-create.yml", """
                started 1 One; event '{"event":"log","text":"first\\n"}'; ended 1 One ok
                wait_for go
                started 2 Two; event '{"event":"log","text":"second\\n"}'; ended 2 Two ok
                finished succeeded
                """);
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitStep(JOB, "One");

        gateway.breakStreams();
        node.release("go");

        gateway.awaitReport(JOB, Phase.APPLY);
        assertThat(finalOutcomes()).containsExactly(Map.entry(1, "ok"), Map.entry(2, "ok"));
        assertThat(log()).isEqualTo("first\nsecond\n");
    }

    @Test
    void a_returning_agent_adopts_the_run() throws Exception {
        node.playbook(
                "site-create.yml",
                "effect begin; started 1 One; wait_for go; ended 1 One ok; effect end; finished succeeded");
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitStep(JOB, "One");

        node.stop();
        node.startAndConnect();
        assertThat(gateway.awaitHello(2).getJobs(0).getFinished()).isFalse();
        node.release("go");

        assertThat(gateway.awaitReport(JOB, Phase.APPLY).getSucceeded()).isTrue();
        assertThat(node.effects()).containsExactly("begin", "end");
    }

    @Test
    void a_run_that_ended_while_the_agent_was_away_is_read_from_its_events() throws Exception {
        node.playbook("site-create.yml", "started 1 One; wait_for go; ended 1 One ok; finished succeeded; effect end");
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitStep(JOB, "One");

        node.stop();
        node.release("go");
        Eventually.holds("ended", () -> node.effects().contains("end"));
        node.startAndConnect();

        assertThat(gateway.awaitReport(JOB, Phase.APPLY).getSucceeded()).isTrue();
    }

    @Test
    void a_run_that_vanished_is_undone() throws Exception {
        node.playbook("site-create.yml", "started 1 One; wait_for never");
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitStep(JOB, "One");

        node.stop();
        kill(node.state("jobs/" + JOB + "/apply/pid"));
        node.startAndConnect();

        var report = gateway.awaitReport(JOB, Phase.UNDO);
        assertThat(report.getSucceeded()).isTrue();
        assertThat(report.getCode()).isEqualTo("run_lost");
        assertThat(report.getFailingStep()).isEqualTo("One");
        assertThat(node.effects()).containsExactly("undo");
    }

    @Test
    void a_job_that_waits_for_its_verdict_says_so_again_after_a_restart() throws Exception {
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitReport(JOB, Phase.APPLY);
        Eventually.holds(
                "seen",
                () -> Files.readString(node.state("jobs/" + JOB + "/record.json"))
                        .contains("\"seen\":true"));

        node.stop();
        node.startAndConnect();

        assertThat(gateway.awaitHello(2).getJobs(0).getFinished()).isTrue();
        Eventually.holds("told again", () -> gateway.reports(JOB).size() == 2);
        gateway.verdict(JOB, Phase.COMMIT);
        assertThat(gateway.awaitReport(JOB, Phase.COMMIT).getSucceeded()).isTrue();
        assertThat(node.effects()).containsExactly("apply");
    }

    @Test
    void the_lease_is_renewed_by_answered_heartbeats_only() throws Exception {
        node.playbook("site-create.yml", "started 1 One; wait_for go; finished succeeded");
        node.startAndConnect();
        gateway.offer(offer(JOB, 1).build());
        gateway.awaitStep(JOB, "One");
        var lease = node.state("jobs/" + JOB + "/apply/lease");
        long first = number(lease);

        Eventually.holds("renewed", () -> number(lease) > first);
        gateway.deaf(true);
        int beats = gateway.heartbeats().size();
        Eventually.holds(
                "two more beats, or dialled again",
                () -> gateway.heartbeats().size() >= beats + 2 || gateway.hellos() > 1);
        long last = number(lease);
        Eventually.holds(
                "five more beats, or dialled again",
                () -> gateway.heartbeats().size() >= beats + 7 || gateway.hellos() > 1);

        assertThat(number(lease)).isEqualTo(last);
        node.release("go");
    }

    @Test
    void a_gateway_that_answers_no_heartbeat_is_dialled_again() throws Exception {
        node.startAndConnect();

        gateway.deaf(true);

        gateway.awaitHello(2);
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    private static void kill(Path pidFile) throws IOException, InterruptedException {
        var group = "-" + Files.readString(pidFile).split(" ", 2)[0];
        new ProcessBuilder("kill", "-KILL", "--", group).start().waitFor();
    }

    private Map<Integer, String> finalOutcomes() {
        var outcomes = new TreeMap<Integer, String>();
        for (Step step : gateway.steps(JOB)) {
            outcomes.put(step.getOrdinal(), step.getOutcome());
        }
        return outcomes;
    }

    /** Put together by offset, as the gateway does it. */
    private String log() {
        var chunks = new TreeMap<Long, String>();
        List<LogChunk> told = gateway.log(JOB);
        told.forEach(chunk -> chunks.put(chunk.getOffset(), chunk.getContent().toStringUtf8()));
        var text = new StringBuilder();
        chunks.forEach((offset, part) -> {
            assertThat(offset).isEqualTo(text.length());
            text.append(part);
        });
        return text.toString();
    }
}
