package io.pressluft.agent.job;

import io.pressluft.agent.run.RunPhase;
import io.pressluft.agent.run.Runs;
import io.pressluft.agent.run.Variables;
import io.pressluft.agent.time.StopSignal;
import io.pressluft.agent.time.Wakeup;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes offers, keeps one job at a time per site under way, and hands verdicts to those that wait for them. */
public final class Jobs {

    private static final Logger LOG = Logger.getLogger(Jobs.class.getName());
    private static final Pattern JOB_ID = Pattern.compile("job_[a-z0-9]{12}");
    private static final Pattern SITE_ID = Pattern.compile("site_[a-z0-9]{12}");

    private static final Duration SLICE = Duration.ofMillis(200);

    /** Before a job that a fault of this machine holds up is tried again. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Journal journal;
    private final FencingTokens tokens;
    private final Runs runs;
    private final Proving proving;
    private final CourseSettings settings;
    private final JobClock clock;
    private final Wakeup changed;
    private final StopSignal stop;
    private final Map<String, Underway> underway = new HashMap<>();

    /** The job that came last to each site; the next one waits for it. Jobs of no site share the empty name. */
    private final Map<String, CountDownLatch> lastOfSite = new HashMap<>();

    private record Underway(JobRecord record, JobCourse course, Thread thread) {}

    /** @param changed is hinted when there may be something new to report */
    public Jobs(
            Journal journal,
            FencingTokens tokens,
            Runs runs,
            Proving proving,
            CourseSettings settings,
            JobClock clock,
            Wakeup changed,
            StopSignal stop) {
        this.journal = journal;
        this.tokens = tokens;
        this.runs = runs;
        this.proving = proving;
        this.settings = settings;
        this.clock = clock;
        this.changed = changed;
        this.stop = stop;
    }

    /** Goes on with every job that an agent before this one left unfinished. */
    public synchronized void resume() {
        journal.open().stream().filter(record -> !record.stage().ended()).forEach(this::start);
    }

    /** Answers an offer. What is accepted is on the disk; a job that is known already is not begun again. */
    public synchronized Answer offer(Offer offer) throws IOException {
        if (journal.find(offer.jobId()).isPresent()) {
            return new Answer.Accepted();
        }
        var objection = objection(offer);
        if (!objection.isEmpty()) {
            return new Answer.Refused("payload_invalid", objection);
        }
        if (runs.playbooks().find(offer.type(), RunPhase.APPLY).isEmpty()) {
            return new Answer.Refused(
                    "unknown_job_type",
                    "This agent's release has no playbook for the job type %s.".formatted(offer.type()));
        }
        var order = new JobOrder(
                offer.jobId(),
                offer.type(),
                offer.siteId(),
                offer.token(),
                offer.payload(),
                clock.in(offer.deadlineMillis()),
                offer.stepMillis(),
                offer.page());
        if (order.ofSite() && !claim(order)) {
            return new Answer.Refused(
                    "fenced_off",
                    "Token %d does not hold the site %s; the highest is %d."
                            .formatted(order.token(), order.siteId(), tokens.highest(order.siteId())));
        }
        var record = JobRecord.accepted(order, clock.wall().instant());
        journal.add(record);
        wakeOlderOf(order);
        start(record);
        return new Answer.Accepted();
    }

    /** An undo that comes before the change is applied ends the apply before its next step. */
    public synchronized void verdict(String jobId, RunPhase phase) {
        if (phase == RunPhase.UNDO) {
            cancel(jobId);
        }
        var job = underway.get(jobId);
        if (job != null) {
            job.course().signal(phase == RunPhase.COMMIT ? JobCourse.Signal.COMMIT : JobCourse.Signal.UNDO);
        }
    }

    private void cancel(String jobId) {
        try {
            journal.cancel(jobId);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "job=" + jobId + " cannot be told to end yet; the control plane says it again", e);
        }
    }

    /** The control plane has the report. */
    public void seen(String jobId, RunPhase phase) throws IOException {
        if (journal.find(jobId).isPresent()) {
            journal.update(
                    jobId,
                    "report_seen",
                    record -> record.seen(phase, clock.wall().instant()));
        }
    }

    /** The control plane's highest tokens, said at the begin of every stream. */
    public synchronized void resynchronise(Map<String, Long> highest) throws IOException {
        for (var entry : highest.entrySet()) {
            if (SITE_ID.matcher(entry.getKey()).matches()) {
                tokens.raise(entry.getKey(), entry.getValue());
            }
        }
        underway.values().forEach(job -> job.course().signal(JobCourse.Signal.LOOK_AT_TOKEN));
    }

    /** With the stop signal raised: leaves the jobs where they are. Their runs live on. */
    public void awaitStopped() throws InterruptedException {
        Map<String, Underway> left;
        synchronized (this) {
            left = Map.copyOf(underway);
        }
        for (var job : left.values()) {
            job.course().signal(JobCourse.Signal.STOP);
            job.thread().join();
        }
    }

    private boolean claim(JobOrder order) throws IOException {
        var holder = journal.holder(order.siteId(), order.token());
        return holder.isEmpty() && tokens.claim(order.siteId(), order.token(), order.jobId());
    }

    private String objection(Offer offer) {
        if (!JOB_ID.matcher(offer.jobId()).matches()) {
            return "The job's id is malformed.";
        }
        if (!offer.siteId().isEmpty() && !SITE_ID.matcher(offer.siteId()).matches()) {
            return "The site's id is malformed.";
        }
        if (offer.siteId().isEmpty() && offer.token() != 0) {
            return "A job of no site has no fencing token.";
        }
        if (offer.stepMillis() < 0) {
            return "The time of a step is negative.";
        }
        return Variables.objection(offer.payload());
    }

    private void wakeOlderOf(JobOrder order) {
        underway.values().stream()
                .filter(job -> order.ofSite() && job.record().order().siteId().equals(order.siteId()))
                .forEach(job -> job.course().signal(JobCourse.Signal.LOOK_AT_TOKEN));
    }

    private void start(JobRecord record) {
        var course = course(record);
        var done = new CountDownLatch(1);
        // Jobs of no site wait for nobody.
        var before = record.order().ofSite() ? lastOfSite.put(record.order().siteId(), done) : null;
        var thread = Thread.ofVirtual().name(record.id()).unstarted(() -> {
            try {
                awaitTurn(before);
                complete(record.id(), course);
            } catch (InterruptedException stopped) {
                LOG.log(Level.INFO, "job={0} left to the next agent", record.id());
            } finally {
                forget(record.id());
                done.countDown();
                changed.hint();
            }
        });
        underway.put(record.id(), new Underway(record, course, thread));
        thread.start();
    }

    private JobCourse course(JobRecord record) {
        return new JobCourse(record, journal, tokens, runs, proving, settings, clock);
    }

    /** A disk without room, or another fault of this machine, holds a job up and does not end it. */
    private void complete(String jobId, JobCourse first) throws InterruptedException {
        var course = first;
        while (true) {
            try {
                course.complete();
                return;
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.SEVERE, "job=" + jobId + " is held up; it goes on from the journal", e);
            }
            if (stop.within(AGAIN)) {
                throw new InterruptedException("the agent stops");
            }
            course = fromJournal(jobId);
        }
    }

    private synchronized JobCourse fromJournal(String jobId) {
        var before = Objects.requireNonNull(underway.get(jobId));
        var record = journal.find(jobId).orElse(before.record());
        var course = course(record);
        underway.put(jobId, new Underway(record, course, before.thread()));
        return course;
    }

    private void awaitTurn(@Nullable CountDownLatch before) throws InterruptedException {
        while (before != null && !before.await(SLICE.toMillis(), TimeUnit.MILLISECONDS)) {
            if (stop.isRaised()) {
                break;
            }
        }
        if (stop.isRaised()) {
            throw new InterruptedException("the agent stops");
        }
    }

    private synchronized void forget(String jobId) {
        underway.remove(jobId);
    }
}
