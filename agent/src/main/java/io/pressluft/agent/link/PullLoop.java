package io.pressluft.agent.link;

import io.pressluft.agent.job.Answer;
import io.pressluft.agent.job.JobRecord;
import io.pressluft.agent.job.Jobs;
import io.pressluft.agent.job.Journal;
import io.pressluft.agent.time.Wakeup;
import io.pressluft.protocol.v1.JobOffer;
import io.pressluft.protocol.v1.ToAgent;
import io.pressluft.protocol.v1.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Takes what the gateway says, one message after the other, until the session is over. */
final class PullLoop implements SessionLoop {

    private static final Logger LOG = Logger.getLogger(PullLoop.class.getName());
    private static final Duration SLICE = Duration.ofSeconds(1);

    private final Session session;
    private final Jobs jobs;
    private final Journal journal;
    private final HeartbeatLoop heartbeats;
    private final Wakeup changed;

    PullLoop(Session session, Jobs jobs, Journal journal, HeartbeatLoop heartbeats, Wakeup changed) {
        this.session = session;
        this.jobs = jobs;
        this.journal = journal;
        this.heartbeats = heartbeats;
        this.changed = changed;
    }

    @Override
    public void run() throws IOException, SessionEnded, InterruptedException {
        try {
            while (!session.over().isRaised()) {
                var message = session.next(SLICE);
                if (message.isPresent()) {
                    take(message.get());
                }
            }
        } finally {
            changed.hint();
        }
    }

    private void take(ToAgent message) throws IOException, SessionEnded, InterruptedException {
        switch (message.getMessageCase()) {
            case WELCOME -> jobs.resynchronise(message.getWelcome().getTokensMap());
            case HEARTBEAT_SEEN -> heartbeats.seen(message.getHeartbeatSeen().getSequence());
            case OFFER -> offer(message.getOffer());
            case VERDICT -> verdict(message.getVerdict());
            case REPORT_SEEN -> {
                var seen = message.getReportSeen();
                var phase = Messages.phase(seen.getPhase());
                if (phase.isPresent()) {
                    jobs.seen(seen.getJobId(), phase.get());
                }
            }
            case MESSAGE_NOT_SET -> LOG.warning("message=unknown; the control plane is newer than this agent");
        }
    }

    private void offer(JobOffer offer) throws SessionEnded, InterruptedException {
        Answer answer;
        try {
            answer = jobs.offer(Messages.offer(offer));
        } catch (IOException e) {
            LOG.log(Level.SEVERE, "job=" + offer.getJobId() + " cannot be journaled", e);
            answer = new Answer.Refused(
                    "journal_failed",
                    "The node cannot write its journal: %s. Free its disk.".formatted(e.getMessage()));
        }
        if (answer instanceof Answer.Refused(var code, var why)) {
            LOG.log(Level.WARNING, "job={0} refused code={1} {2}", new Object[] {offer.getJobId(), code, why});
        }
        session.send(Messages.answer(offer.getJobId(), answer));
        repeatSeen(offer.getJobId());
        changed.hint();
    }

    private void verdict(Verdict verdict) throws SessionEnded, InterruptedException {
        var phase = Messages.phase(verdict.getPhase());
        if (phase.isPresent()) {
            jobs.verdict(verdict.getJobId(), phase.get());
        }
        if (journal.find(verdict.getJobId()).map(JobRecord::ended).orElse(false)) {
            repeatSeen(verdict.getJobId());
        }
    }

    /** Whoever asks about a job again has lost what it was told; the report loop sees to what was never seen. */
    private void repeatSeen(String jobId) throws SessionEnded, InterruptedException {
        var record = journal.find(jobId);
        if (record.isPresent() && !record.get().reports().isEmpty()) {
            var last = record.get().reports().getLast();
            if (last.seen()) {
                session.send(Messages.report(jobId, last));
            }
        }
    }
}
