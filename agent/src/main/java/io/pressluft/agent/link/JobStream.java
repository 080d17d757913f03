package io.pressluft.agent.link;

import io.pressluft.agent.job.JobRecord;
import io.pressluft.agent.job.JobStage;
import io.pressluft.agent.job.Journal;
import io.pressluft.agent.job.Report;
import io.pressluft.agent.job.RunRecord;
import io.pressluft.agent.run.RunPhase;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Tells one job to one session: the steps and the log of its runs, then the reports that these runs led to. */
final class JobStream {

    private final Session session;
    private final Journal journal;
    private final Duration resend;
    private final Map<String, RunStream> runs = new HashMap<>();
    private final Map<RunPhase, Long> reportedAt = new EnumMap<>(RunPhase.class);

    JobStream(Session session, Journal journal, Duration resend) {
        this.session = session;
        this.journal = journal;
        this.resend = resend;
    }

    /**
     * The record is older than what is read from the files below, so that every event that led to one of its reports
     * is sent before the report.
     *
     * @param now CLOCK_BOOTTIME in milliseconds
     */
    void sendNew(JobRecord record, long now) throws IOException, SessionEnded, InterruptedException {
        for (var run : record.runs()) {
            if (!known(record, run)) {
                stream(record, run).sendNew(session);
            }
        }
        for (var report : record.reports()) {
            if (due(record, report, now)) {
                reportedAt.put(report.phase(), now);
                session.send(Messages.report(record.id(), report));
            }
        }
    }

    /** The gateway had everything of this phase before the session began. */
    private boolean known(JobRecord record, RunRecord run) {
        return !runs.containsKey(run.directory())
                && record.report(run.phase()).map(Report::seen).orElse(false);
    }

    /** A job that waits for its verdict says so on every new stream: the verdict may have been lost with the old one. */
    private boolean due(JobRecord record, Report report, long now) {
        var last = reportedAt.get(report.phase());
        if (last == null) {
            return !report.seen() || record.stage() == JobStage.AWAITING_VERDICT;
        }
        return !report.seen() && now - last >= resend.toMillis();
    }

    private RunStream stream(JobRecord record, RunRecord run) throws IOException {
        var stream = runs.get(run.directory());
        if (stream == null) {
            stream = new RunStream(record.id(), run, journal.runDirectory(record, run));
            runs.put(run.directory(), stream);
        }
        return stream;
    }
}
