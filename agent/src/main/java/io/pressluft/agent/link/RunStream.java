package io.pressluft.agent.link;

import io.pressluft.agent.job.RunRecord;
import io.pressluft.agent.run.LineTail;
import io.pressluft.agent.run.LogBound;
import io.pressluft.agent.run.RunEvent;
import io.pressluft.agent.run.RunFiles;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells the events of one run, from its first on, to one session. The file is the buffer: a new session gets a new
 * stream, which says the same again, with the same ordinals and offsets; the gateway knows them.
 */
final class RunStream {

    private final String jobId;
    private final RunRecord run;
    private final LineTail tail;
    private final LogBound log;
    private final Map<Integer, Long> startedAt = new HashMap<>();
    private final Set<Integer> finishedBefore;

    RunStream(String jobId, RunRecord run, Path directory) throws IOException {
        this.jobId = jobId;
        this.run = run;
        var events = new RunFiles(directory).events();
        this.tail = new LineTail(events);
        this.log = new LogBound(run.logBase());
        this.finishedBefore = finished(events);
    }

    /** Steps that are over are not told as running once more: the gateway may know their outcome already. */
    private static Set<Integer> finished(Path events) throws IOException {
        var ordinals = new HashSet<Integer>();
        var reader = new LineTail(events);
        for (var lines = reader.more(); !lines.isEmpty(); lines = reader.more()) {
            for (var line : lines) {
                if (RunEvent.parse(line).orElse(null) instanceof RunEvent.StepFinished step) {
                    ordinals.add(step.ordinal());
                }
            }
        }
        return ordinals;
    }

    /** Sends everything that is in the file by now. */
    void sendNew(Session session) throws IOException, SessionEnded, InterruptedException {
        for (var lines = tail.more(); !lines.isEmpty(); lines = tail.more()) {
            for (var line : lines) {
                var event = RunEvent.parse(line);
                if (event.isPresent()) {
                    send(session, event.get());
                }
            }
        }
    }

    private void send(Session session, RunEvent event) throws SessionEnded, InterruptedException {
        switch (event) {
            case RunEvent.StepStarted step -> {
                startedAt.put(step.ordinal(), step.at());
                if (step.shown() && !finishedBefore.contains(step.ordinal())) {
                    session.send(running(step));
                }
            }
            case RunEvent.StepFinished step -> session.send(finished(step));
            case RunEvent.Log text -> {
                long offset = log.size();
                byte[] content = log.add(text.text());
                if (content.length > 0) {
                    session.send(Messages.log(jobId, offset, content));
                }
            }
            case RunEvent.Outputs outputs -> {}
            case RunEvent.RunFinished end -> {}
        }
    }

    private FromAgent running(RunEvent.StepStarted step) {
        return wrap(message(step.ordinal(), step.name())
                .setOutcome("running")
                .setStartedEpochMs(step.at())
                .build());
    }

    private FromAgent finished(RunEvent.StepFinished step) {
        var message = message(step.ordinal(), step.name())
                .setOutcome(step.outcome())
                .setStartedEpochMs(startedAt.getOrDefault(step.ordinal(), 0L))
                .setDurationMs(step.durationMs())
                .setCode(step.code())
                .setMessage(step.message())
                .build();
        return wrap(message);
    }

    private Step.Builder message(int ordinal, String name) {
        return Step.newBuilder()
                .setJobId(jobId)
                .setPhase(Messages.phase(run.phase()))
                .setOrdinal(run.ordinalBase() + ordinal)
                .setName(name);
    }

    private static FromAgent wrap(Step step) {
        return FromAgent.newBuilder().setStep(step).build();
    }
}
