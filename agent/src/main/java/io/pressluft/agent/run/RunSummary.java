package io.pressluft.agent.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the events of a run amount to so far. Ordinals and log size are the job's, not the run's. */
public final class RunSummary {

    private final int ordinalBase;
    private final LogBound log;
    private int lastOrdinal;
    private RunEvent.@Nullable StepStarted open;
    private RunEvent.@Nullable StepFinished failed;
    private Map<String, String> outputs = Map.of();
    private String outcome = "";

    public RunSummary(int ordinalBase, long logBase) {
        this.ordinalBase = ordinalBase;
        this.log = new LogBound(logBase);
    }

    /** Everything that {@code events} holds now. */
    static RunSummary of(Path events, int ordinalBase, long logBase) throws IOException {
        var summary = new RunSummary(ordinalBase, logBase);
        summary.readOn(new LineTail(events));
        return summary;
    }

    void readOn(LineTail tail) throws IOException {
        for (var lines = tail.more(); !lines.isEmpty(); lines = tail.more()) {
            lines.forEach(line -> RunEvent.parse(line).ifPresent(this::add));
        }
    }

    private void add(RunEvent event) {
        switch (event) {
            case RunEvent.StepStarted step -> {
                lastOrdinal = Math.max(lastOrdinal, step.ordinal());
                open = step;
            }
            case RunEvent.StepFinished step -> {
                lastOrdinal = Math.max(lastOrdinal, step.ordinal());
                open = null;
                if (step.outcome().equals("failed")) {
                    failed = step;
                }
            }
            case RunEvent.Log line -> log.add(line.text());
            case RunEvent.Outputs values -> outputs = values.values();
            case RunEvent.RunFinished end -> outcome = end.outcome();
        }
    }

    /** Empty while the run has not written its end. */
    public String outcome() {
        return outcome;
    }

    public Map<String, String> outputs() {
        return outputs;
    }

    public int nextOrdinalBase() {
        return ordinalBase + lastOrdinal;
    }

    public long nextLogBase() {
        return log.size();
    }

    /** The next free ordinal within the run. */
    public int nextOrdinal() {
        return lastOrdinal + 1;
    }

    RunEvent.@Nullable StepFinished failedStep() {
        return failed;
    }

    /** Whether a step has been under way for longer than {@code limit} milliseconds; a limit of 0 is none. */
    boolean hangs(long bootMillis, long limit) {
        return limit > 0 && open != null && bootMillis > open.boot() + limit;
    }

    /** Name of the step that was under way at the end; empty when none was. */
    String openStep() {
        return open == null ? "" : open.name();
    }

    /** The step that was under way at the end. */
    Optional<RunEvent.StepStarted> open() {
        return Optional.ofNullable(open);
    }
}
