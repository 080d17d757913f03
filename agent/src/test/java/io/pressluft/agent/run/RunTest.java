package io.pressluft.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {

    @TempDir
    Path directory;

    @Test
    void a_tail_gives_complete_lines_once() throws IOException {
        var file = directory.resolve("events");
        var tail = new LineTail(file);
        assertThat(tail.more()).isEmpty();
        Files.writeString(file, "one\ntw");
        assertThat(tail.more()).containsExactly("one");
        assertThat(tail.more()).isEmpty();
        Files.writeString(file, "o\n", StandardOpenOption.APPEND);
        assertThat(tail.more()).containsExactly("two");
    }

    @Test
    void a_line_beyond_all_bounds_is_left_out() throws IOException {
        var file = directory.resolve("events");
        Files.writeString(file, "one\n" + "x".repeat(3_000_000) + "\ntwo\n");
        var tail = new LineTail(file);

        assertThat(tail.more()).containsExactly("one");
        assertThat(tail.more()).containsExactly("two");
    }

    @Test
    void the_agents_own_event_begins_a_line_after_a_torn_one() throws IOException {
        var file = directory.resolve("events");
        Files.writeString(file, "{\"event\":\"log\",\"te");
        new EventsFile(file).log("hello");

        assertThat(Files.readAllLines(file)).last().isEqualTo("{\"event\":\"log\",\"text\":\"hello\"}");
    }

    @Test
    void a_run_that_was_killed_for_its_memory_says_so_whatever_systemd_knew() throws IOException {
        assertThat(exit("SERVICE_RESULT=signal\nEXIT_STATUS=KILL\noom_kill 1\n").result())
                .isEqualTo("oom-kill");
        assertThat(exit("SERVICE_RESULT=signal\nEXIT_STATUS=KILL\noom_kill 0\n").result())
                .isEqualTo("signal");
        assertThat(exit("SERVICE_RESULT=success\nEXIT_STATUS=0\noom_kill 1\n").result())
                .isEqualTo("success");
    }

    private RunExit exit(String written) throws IOException {
        return RunExit.read(Files.writeString(directory.resolve("exit"), written))
                .orElseThrow();
    }

    @Test
    void the_log_of_a_job_is_cut_with_a_word_about_it() {
        var log = new LogBound(LogBound.LIMIT - 5);

        assertThat(new String(log.add("123456789"), StandardCharsets.UTF_8)).isEqualTo("12345" + LogBound.CUT);
        assertThat(log.add("more")).isEmpty();
    }

    @Test
    void every_string_of_a_payload_is_wrapped_however_deep() {
        assertThat(Variables.json("{\"a\":[\"x\",{\"b\":\"y\"}],\"n\":1,\"t\":true,\"z\":null}", "undo"))
                .isEqualTo("{\"a\":[{\"__ansible_unsafe\":\"x\"},{\"b\":{\"__ansible_unsafe\":\"y\"}}],\"n\":1,"
                        + "\"t\":true,\"z\":null,\"pressluft_phase\":\"undo\"}");
    }

    @Test
    void a_payload_may_not_steer_ansible() {
        assertThat(Variables.objection("{\"environment_id\":\"env_a\"}")).isEmpty();
        assertThat(List.of(
                        "[]",
                        "{",
                        "{\"ansible_connection\":\"ssh\"}",
                        "{\"pressluft_phase\":\"commit\"}",
                        "{\"a b\":1}",
                        "{\"a\":{\"__ansible_vault\":\"x\"}}"))
                .allSatisfy(payload -> assertThat(Variables.objection(payload)).isNotEmpty());
    }

    @Test
    void a_unit_is_limited_and_shows_no_payload() {
        var unit = new Unit(
                "pressluft-run-job_a-apply",
                List.of("ansible-playbook", "playbooks/site-create.yml"),
                Map.of("PRESSLUFT_TOKEN", "3"),
                Path.of("/release/ansible"),
                new RunFiles(Path.of("/jobs/job_a/apply")),
                Duration.ofMinutes(2),
                512);

        assertThat(SystemdUnits.commandLine(unit))
                .contains(
                        "--unit=pressluft-run-job_a-apply",
                        "--property=KillMode=control-group",
                        "--property=MemoryMax=512M",
                        "--property=RuntimeMaxSec=120",
                        "--setenv=PRESSLUFT_TOKEN=3")
                .endsWith("--", "ansible-playbook", "playbooks/site-create.yml");
    }

    @Test
    void a_lease_only_grows() throws IOException {
        var file = directory.resolve("lease");
        var lease = new Lease();
        Files.writeString(file, "5\n");
        lease.attach(file);
        assertThat(file).hasContent("5");
        lease.renew(100);
        lease.renew(90);
        assertThat(file).hasContent("100");
    }
}
