package io.pressluft.controlplane.job;

import io.pressluft.controlplane.id.Ids;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Writes new jobs down. */
@Component
class Intake {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final JobStore store;
    private final NewJobs rows;
    private final JobTypes types;
    private final JobQueue queue;
    private final JobHints hints;
    private final Ids ids;
    private final ApplicationEventPublisher events;

    Intake(
            JobStore store,
            NewJobs rows,
            JobTypes types,
            JobQueue queue,
            JobHints hints,
            Ids ids,
            ApplicationEventPublisher events) {
        this.store = store;
        this.rows = rows;
        this.types = types;
        this.queue = queue;
        this.hints = hints;
        this.ids = ids;
        this.events = events;
    }

    /** What is to be written, worked out before there is a transaction. */
    NewJobs.Draft draft(NewJob wanted) {
        var type = types.named(wanted.type());
        var parts = wanted.parts(type instanceof AgentJobType ? PartState.WAITING : null);
        return rows.draft(
                payload -> Job.queued(
                        ids.next("job"),
                        wanted.withPayload(payload),
                        type.traits().exclusive(),
                        parts),
                wanted);
    }

    /**
     * In the caller's transaction: raises the site's fencing token, writes the job, moves the resource. The job is handed
     * to Redis only after the commit.
     *
     * @throws JobException when another exclusive job of the site or node is unfinished
     */
    @Transactional(propagation = Propagation.MANDATORY)
    Job enqueue(NewJob wanted) {
        var job = write(draft(wanted));
        hints.afterCommit(() -> logged(job));
        return job;
    }

    /** The same for what was worked out before; who has it written writes the line of the log. */
    @Transactional(propagation = Propagation.MANDATORY)
    Job write(NewJobs.Draft draft) {
        var job = draft.job();
        while (true) {
            var written = insert(draft);
            if (!written.isEmpty()) {
                return begin(written).getFirst();
            }
            // What was in the way may be gone by now.
            store.unfinishedExclusive(job.siteId(), job.nodeId()).ifPresent(by -> {
                throw busy(job, by);
            });
        }
    }

    /**
     * The same for several at once, all of them or none, in a transaction that waits for nobody's lock.
     *
     * @throws RuntimeException when one of them cannot be written; which one it is has to be found out one by one
     */
    @Transactional(propagation = Propagation.MANDATORY)
    List<Job> write(List<NewJobs.Draft> drafts) {
        var written = rows.insert(drafts, true);
        if (written.size() < drafts.size()) {
            throw new IllegalStateException(
                    "%d of %d jobs have others in their way".formatted(drafts.size() - written.size(), drafts.size()));
        }
        return begin(written);
    }

    private List<Job> insert(NewJobs.Draft draft) {
        try {
            return rows.insert(List.of(draft), false);
        } catch (DuplicateKeyException lostTheRace) {
            throw busyOr(lostTheRace, draft.job());
        }
    }

    private List<Job> begin(List<Job> jobs) {
        Map<String, List<Job>> byType = jobs.stream().collect(Collectors.groupingBy(Job::type));
        byType.forEach((type, some) -> types.named(type).begin(some));
        events.publishEvent(new JobsQueued(jobs));
        hints.afterCommit(
                () -> jobs.stream().filter(job -> job.notBefore() == null).forEach(queue::publish));
        return jobs;
    }

    static void logged(Job job) {
        log.info("job={} type={} site={} node={} to=queued", job.id(), job.type(), job.siteId(), job.nodeId());
    }

    private static RuntimeException busyOr(DuplicateKeyException race, Job wanted) {
        return String.valueOf(race.getMessage()).contains("one_unfinished_exclusive_job_per_node")
                ? JobException.nodeBusy(String.valueOf(wanted.nodeId()), "unknown", "started at the same moment")
                : race;
    }

    private static JobException busy(Job wanted, Job by) {
        return wanted.siteId() != null
                ? JobException.siteBusy(wanted.siteId(), by.id(), by.type())
                : JobException.nodeBusy(String.valueOf(wanted.nodeId()), by.id(), by.type());
    }
}
