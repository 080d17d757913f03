package io.pressluft.agent.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.agent.run.Failure;
import io.pressluft.agent.run.RunPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final JobRecord ACCEPTED = JobRecord.accepted(
            new JobOrder(
                    "job_aaaaaaaaaaaa",
                    "site_create",
                    "site_aaaaaaaaaaaa",
                    4,
                    "{\"a\":\"ä\"}",
                    new Deadline(1, "boot", 2),
                    30_000,
                    new PageToProve("http://a.localhost", "env_aaaaaaaa", "id", "release")),
            NOW);

    @TempDir
    Path directory;

    @Test
    void what_was_written_is_read_by_the_next_agent() throws IOException {
        var journal = new Journal(directory);
        journal.add(ACCEPTED);
        var last = journal.update(
                ACCEPTED.id(),
                "test",
                record -> record.with(new RunRecord(RunPhase.APPLY, "apply", 0, 0))
                        .because(new Failure("code", "message", "step"), UndoReason.APPLY_FAILED)
                        .with(Report.applied(Map.of("key", "value")))
                        .at(JobStage.APPLYING, NOW));

        assertThat(new Journal(directory).find(ACCEPTED.id())).contains(last);
    }

    @Test
    void a_crash_before_the_first_record_leaves_no_job() throws IOException {
        Files.createDirectories(directory.resolve("job_bbbbbbbbbbbb/apply"));

        var journal = new Journal(directory);

        assertThat(journal.open()).isEmpty();
        assertThat(directory.resolve("job_bbbbbbbbbbbb")).doesNotExist();
    }

    @Test
    void closed_jobs_answer_repeats_for_a_while() throws IOException {
        var journal = new Journal(directory);
        journal.add(ACCEPTED);
        journal.update(
                ACCEPTED.id(),
                "test",
                record -> record.with(Report.undone(true, Failure.NONE, UndoReason.DEADLINE))
                        .at(JobStage.SETTLED, NOW));
        journal.update(ACCEPTED.id(), "test", record -> record.seen(RunPhase.UNDO, NOW));

        journal.prune(NOW.plus(Duration.ofDays(29)));
        assertThat(journal.find(ACCEPTED.id())).isPresent();
        journal.prune(NOW.plus(Duration.ofDays(31)));
        assertThat(new Journal(directory).find(ACCEPTED.id())).isEmpty();
    }

    @Test
    void what_was_closed_long_ago_is_forgotten_when_another_job_closes() throws IOException {
        var journal = new Journal(directory);
        close(journal, ACCEPTED, NOW);
        close(journal, other(), NOW.plus(Duration.ofDays(31)));
        assertThat(journal.find(ACCEPTED.id())).isEmpty();
        assertThat(journal.find(other().id())).isPresent();
    }

    private static JobRecord other() {
        var order = ACCEPTED.order();
        return JobRecord.accepted(
                new JobOrder(
                        "job_cccccccccccc",
                        order.type(),
                        "site_cccccccccccc",
                        5,
                        order.payload(),
                        order.deadline(),
                        order.stepMillis(),
                        order.page()),
                NOW);
    }

    private static void close(Journal journal, JobRecord job, Instant at) throws IOException {
        journal.add(job);
        journal.update(
                job.id(),
                "test",
                record -> record.with(Report.undone(true, Failure.NONE, UndoReason.DEADLINE))
                        .at(JobStage.SETTLED, at));
        journal.update(job.id(), "test", record -> record.seen(RunPhase.UNDO, at));
    }

    @Test
    void a_stage_is_never_skipped() {
        assertThatThrownBy(() -> ACCEPTED.at(JobStage.COMMITTING, NOW)).isInstanceOf(IllegalStateException.class);
    }
}
