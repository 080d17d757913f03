package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.id.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionalEventListener;

/** Runs the jobs that the control plane does itself, and takes over those of a replica that has gone silent. */
@Component
class Workers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Workers.class);

    /** Four times the beat below, so that one slow transaction does not hand a job to two replicas. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    /** How long a hint that was lost may hold up a job. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Jobs that are queued, or find room, within this time of each other are taken together. */
    private static final Duration BURST = Duration.ofMillis(5);

    /** So many times as many ends may wait to be written as jobs may be at work; what comes on top keeps its slot. */
    private static final int ENDS = 4;

    private final JobFeed feed;
    private final WorkerLife life;
    private final Settlements settlements;
    private final Jobs jobs;
    private final JobTypes types;
    private final JobTransitions transitions;
    private final JobRecorder recorder;
    private final Clock clock;
    private final String worker;
    private final Semaphore slots;
    private final Semaphore ends;
    private final Bell hints = new Bell();
    private final Heartbeats beats = new Heartbeats(System::nanoTime);
    private final int atOnce;
    private final Map<String, Underway> active = new ConcurrentHashMap<>();
    private final Map<String, Thread> threads = new ConcurrentHashMap<>();
    private volatile boolean more;
    private volatile @Nullable Thread taking;
    private volatile boolean running;

    Workers(
            JobFeed feed,
            WorkerLife life,
            Settlements settlements,
            Jobs jobs,
            JobTypes types,
            JobTransitions transitions,
            JobRecorder recorder,
            WorkerSettings settings,
            Clock clock,
            Ids ids) {
        this.feed = feed;
        this.life = life;
        this.settlements = settlements;
        this.jobs = jobs;
        this.types = types;
        this.transitions = transitions;
        this.recorder = recorder;
        this.clock = clock;
        this.atOnce = settings.atOnce();
        this.slots = new Semaphore(atOnce);
        this.ends = new Semaphore(ENDS * atOnce);
        this.worker = ids.next("worker");
    }

    private void takeWhatIsQueued() {
        while (running) {
            try {
                takeOnce();
            } catch (RuntimeException e) {
                log.warn("Queued jobs could not be taken; next attempt within {}: {}", LOOK, e.getMessage());
            }
            try {
                boolean rung = hints.await(LOOK, BURST, atOnce);
                log.trace("Looking for queued jobs, rung={}", rung);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    /** As many jobs as there is room for: taking them costs one transaction. */
    private void takeOnce() {
        more = true; // until the look below has shown that nothing is left
        int room = slots.drainPermits();
        if (room == 0) {
            return;
        }
        var taken = List.<Job>of();
        try {
            taken = life.take(worker, room);
            more = taken.size() == room;
        } finally {
            slots.release(room - taken.size());
        }
        taken.forEach(this::start);
    }

    /** A slot is free again. While more jobs wait than there is room for, they are taken by the half of it or by all. */
    private void freed() {
        slots.release();
        int room = slots.availablePermits();
        if (more && room == atOnce) {
            hints.ringLoudly();
        } else if (more && 2 * room >= atOnce) {
            hints.ring();
        }
    }

    /** A job at work; {@code late} holds the failure that ended it, once its time is over. */
    private record Underway(
            Job job,
            RecordedWork steps,
            Slot slot,
            AtomicReference<@Nullable JobFailure> late,
            AtomicReference<@Nullable Thread> worker) {

        /** Ends the work; once it has returned, its end is being written, and nobody breaks into that. */
        void interrupt() {
            synchronized (worker) {
                var thread = worker.get();
                if (thread != null) {
                    thread.interrupt();
                }
            }
        }

        /** The work has returned. A flag left standing would break the connection to the database under what follows. */
        void returned() {
            synchronized (worker) {
                worker.set(null);
                boolean flagged = Thread.interrupted();
                log.trace("job={} has returned flagged={}", job.id(), flagged);
            }
        }
    }

    /**
     * The room that one job takes up. It is free again once the work has returned: the end is written together with those of
     * others, and more of them come together when other jobs are at work meanwhile. Used by the job's thread alone.
     */
    private final class Slot {
        private boolean ending;

        void workReturned() {
            ending = ends.tryAcquire();
            if (ending) {
                freed();
            }
        }

        void over() {
            if (ending) {
                ends.release();
            } else {
                freed();
            }
        }
    }

    private void start(Job job) {
        var work = new Underway(
                job,
                new RecordedWork(job.id(), recorder, clock, System::nanoTime),
                new Slot(),
                new AtomicReference<>(),
                new AtomicReference<>());
        var thread = Thread.ofVirtual().name("worker-" + job.id()).unstarted(() -> {
            try {
                perform(work);
            } finally {
                threads.remove(job.id());
                active.remove(job.id());
                work.slot().over();
            }
        });
        work.worker().set(thread);
        threads.put(job.id(), thread);
        active.put(job.id(), work);
        thread.start();
    }

    private void perform(Underway work) {
        try {
            done(work);
        } catch (InterruptedException | RuntimeException ended) {
            work.returned();
            log.debug("job={} ended by {}", work.job().id(), ended.toString());
            try {
                settle(work, ended);
            } catch (DataAccessException | TransactionException away) {
                handedBack(work.job(), away);
            }
        }
    }

    private void settle(Underway work, Exception how) {
        var late = work.late().get();
        if (late != null) {
            life.failed(work.job().id(), worker, late);
        } else {
            ended(work.job(), work.steps(), how);
        }
    }

    private static void handedBack(Job job, Exception away) {
        log.warn("job={} handed back: the database does not answer: {}", job.id(), away.getMessage());
    }

    private void done(Underway work) throws InterruptedException {
        var job = work.job();
        if (!job.ending() && types.named(job.type()) instanceof WorkerJobType type) {
            type.run(job, work.steps());
        }
        work.returned();
        work.slot().workReturned();
        if (!settlements.done(job, worker)) {
            told(job, work.steps()); // it was told to end in the last moment
        }
    }

    private void ended(Job job, RecordedWork steps, Exception how) {
        switch (how) {
            case CodedException failed -> life.failed(job.id(), worker, JobFailure.of(failed, steps.failingStep()));
            case Exception any when running && told(job, steps) -> {}
            case Exception any when databaseAway(any) -> handedBack(job, any);
            case Exception any
            when !running || any instanceof InterruptedException ->
                log.info("job={} handed back: this control plane stops", job.id());
            case Exception any
            when any.getCause() instanceof InterruptedException ->
                log.info("job={} is another worker's by now", job.id());
            default -> {
                log.error("job={} ended by an unexpected error", job.id(), how);
                life.failed(
                        job.id(),
                        worker,
                        JobFailure.of(
                                ErrorCode.INTERNAL_ERROR,
                                "The control plane met an unexpected error; its log has job " + job.id() + ".",
                                steps.failingStep()));
            }
        }
    }

    /** Says nothing about the work: a worker takes the job up again once the database is back. */
    private static boolean databaseAway(Exception how) {
        return how instanceof DataAccessResourceFailureException
                || how instanceof TransientDataAccessException
                || how instanceof TransactionException;
    }

    /** Ends a job that was told to end. What it had made is what its type's failure leaves. */
    private boolean told(Job job, RecordedWork steps) {
        var now = jobs.get(job.id());
        return now.ending()
                && life.failed(
                        job.id(),
                        worker,
                        JobFailure.of(ErrorCode.JOB_CANCELLED, "The job was cancelled.", steps.failingStep()));
    }

    @TransactionalEventListener(fallbackExecution = true)
    void decided(JobDecided decided) {
        interrupt(decided.job().id());
    }

    private void interrupt(String id) {
        var work = active.get(id);
        if (work != null) {
            work.interrupt();
        }
    }

    @Scheduled(fixedDelay = 5_000)
    void beat() {
        if (!running) {
            return;
        }
        beats.beat();
        try {
            beatOnce();
            if (beats.steady()) {
                adopt();
            }
        } catch (DataAccessException | TransactionException away) {
            beats.missed();
            log.warn("Work under way could not be looked after: {}", away.getMessage());
        }
    }

    private void beatOnce() {
        // A replica that was stopped for a while may find its work in other hands.
        active.keySet().stream().filter(id -> !transitions.seen(id, worker)).forEach(this::interrupt);
        // A replica that was told of the end by another one's caller.
        active.keySet().stream().filter(id -> jobs.get(id).ending()).forEach(this::interrupt);
        active.values().forEach(this::endIfLate);
    }

    private void adopt() {
        for (var id : transitions.abandoned(SILENCE)) {
            if (!active.containsKey(id) && slots.tryAcquire()) {
                adopt(id);
            }
        }
    }

    private void adopt(String id) {
        boolean started = false;
        try {
            if (transitions.adopt(id, worker, SILENCE)) {
                life.resumed(id);
                start(jobs.get(id));
                started = true;
            }
        } finally {
            if (!started) {
                slots.release();
            }
        }
    }

    private void endIfLate(Underway work) {
        var limit = types.named(work.job().type()).traits().step();
        var hanging = work.steps().hanging(limit);
        if (hanging.isPresent()) {
            late(
                    work,
                    JobFailure.of(
                            ErrorCode.STEP_DEADLINE_EXCEEDED,
                            "The step was not done after %d seconds and was ended.".formatted(limit.toSeconds()),
                            hanging.get()));
        } else if (transitions.overdue(work.job().id())) {
            late(
                    work,
                    JobFailure.of(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "The time for this work was over before it was done.",
                            work.steps().failingStep()));
        }
    }

    private static void late(Underway work, JobFailure failure) {
        if (work.late().compareAndSet(null, failure)) {
            work.interrupt();
        }
    }

    @Override
    public void start() {
        running = true;
        feed.subscribeWorkers(hints::ring);
        taking = Thread.ofPlatform().daemon().name("workers").start(this::takeWhatIsQueued);
    }

    @Override
    public void stop() {
        running = false;
        hints.ring();
        if (taking != null) {
            await(taking); // so that nothing is started behind the interrupts below
        }
        active.values().forEach(Underway::interrupt);
        threads.values().forEach(Workers::await);
    }

    private static void await(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
