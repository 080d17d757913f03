package io.pressluft.agent.job;

import io.pressluft.agent.run.Lease;
import io.pressluft.agent.run.Playbooks;
import io.pressluft.agent.run.RunPhase;
import io.pressluft.agent.run.RunSettings;
import io.pressluft.agent.run.Runs;
import io.pressluft.agent.time.StopSignal;
import io.pressluft.agent.time.Wakeup;
import io.pressluft.protocol.proof.FrontPageProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** The job's half of an agent over a directory. Another one over the same directory is the agent after a restart. */
final class ModelAgent {

    static final String TYPE = "site_create";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long NOW = 1_000;
    private static final long BREATH = 50_000;

    final Jobs jobs;
    final Journal journal;
    private final FencingTokens tokens;
    private final ScriptedUnits units;
    private final Set<String> told = new HashSet<>();
    private final StopSignal stop = new StopSignal();

    ModelAgent(Path root, ScriptedUnits units) throws IOException {
        this.units = units;
        var clock = new JobClock(() -> NOW, "boot", InstantSource.fixed(Instant.ofEpochMilli(NOW)));
        var course = new CourseSettings(Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofMillis(1));
        this.tokens = new FencingTokens(root.resolve("tokens"));
        this.journal = new Journal(root.resolve("jobs"));
        var runs = new Runs(
                units,
                new Playbooks(root.resolve("ansible")),
                new RunSettings(List.of("ansible-playbook"), 8, 64, Duration.ZERO),
                new Lease(),
                clock.boot(),
                stop);
        var proving = new Proving(
                new FrontPageProof(HttpClient.newHttpClient(), Duration.ofSeconds(1)),
                new InetSocketAddress("127.0.0.1", 1),
                course,
                clock,
                stop);
        this.jobs = new Jobs(journal, tokens, runs, proving, course, clock, new Wakeup(), stop);
    }

    static void release(Path root) throws IOException {
        var playbooks = Files.createDirectories(root.resolve("ansible/playbooks"));
        for (var phase : List.of("", "-commit", "-undo")) {
            Files.writeString(playbooks.resolve("site-create" + phase + ".yml"), "");
        }
    }

    /** Waits until every job waits for a word from outside, or the agent was killed. */
    void settle() {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!units.agentIsDead() && !quiet()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never quiet: " + journal.open());
            }
            LockSupport.parkNanos(BREATH);
        }
    }

    /** Of the jobs of a site the newest may wait for one that waits for its verdict. */
    private boolean quiet() {
        return journal.open().stream().allMatch(this::quiet);
    }

    private boolean quiet(JobRecord record) {
        if (record.ended()) {
            return true;
        }
        boolean moves = told.contains(record.id())
                || record.order().token() < known(record.order().siteId());
        return record.stage() == JobStage.AWAITING_VERDICT && !moves;
    }

    long known(String site) {
        try {
            return tokens.highest(site);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What waits for its verdict goes on with it, and is not quiet before that. */
    void verdict(String job, RunPhase phase) {
        if (journal.find(job).filter(record -> !record.ended()).isPresent()) {
            told.add(job);
        }
        jobs.verdict(job, phase);
    }

    void kill() throws InterruptedException {
        stop.raise();
        jobs.awaitStopped();
    }
}
