package io.pressluft.agent.link;

import io.pressluft.agent.job.Journal;
import io.pressluft.agent.time.BootClock;
import io.pressluft.agent.time.Wakeup;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Tells the gateway about every open job of the journal, for as long as one session lasts. */
final class ReportLoop implements SessionLoop {

    private static final Duration BUSY = Duration.ofMillis(50);
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Session session;
    private final Journal journal;
    private final BootClock clock;
    private final Wakeup changed;
    private final Duration resend;
    private final Map<String, JobStream> streams = new HashMap<>();

    ReportLoop(Session session, Journal journal, BootClock clock, Wakeup changed, Duration resend) {
        this.session = session;
        this.journal = journal;
        this.clock = clock;
        this.changed = changed;
        this.resend = resend;
    }

    @Override
    public void run() throws IOException, SessionEnded, InterruptedException {
        while (!session.over().isRaised()) {
            var open = journal.open();
            for (var record : open) {
                streams.computeIfAbsent(record.id(), id -> new JobStream(session, journal, resend))
                        .sendNew(record, clock.millis());
            }
            streams.keySet()
                    .removeIf(
                            id -> open.stream().noneMatch(record -> record.id().equals(id)));
            changed.await(open.isEmpty() ? IDLE : BUSY);
        }
    }
}
