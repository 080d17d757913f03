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

    /**
     * In the caller's transaction: raises the site's fencing token, writes the job, moves the resource. The job is handed
     * to Redis only after the commit.
     *
     * @throws JobException when another exclusive job of the site or node is unfinished
     */
    @Transactional(propagation = Propagation.MANDATORY)
    Job enqueue(NewJob wanted) {
        var draft = draft(wanted);
        while (true) {
            var written = insert(draft, wanted);
            if (!written.isEmpty()) {
                return begin(written).getFirst();
            }
            // What was in the way may be gone by now.
            store.unfinishedExclusive(wanted.siteId(), wanted.nodeId()).ifPresent(by -> {
                throw busy(wanted, by);
            });
        }
    }

    /**
     * The same for several at once, all of them or none.
     *
     * @throws RuntimeException when one of them cannot be written; which one it is has to be found out one by one
     */
    @Transactional(propagation = Propagation.MANDATORY)
    List<Job> enqueue(List<NewJob> wanted) {
        var written = rows.insert(wanted.stream().map(this::draft).toList());
        if (written.size() < wanted.size()) {
            throw new IllegalStateException(
                    "%d of %d jobs are in the way of others".formatted(wanted.size() - written.size(), wanted.size()));
        }
        return begin(written);
    }

    /** From now on this transaction fails when it would have to wait for another one's end. */
    @Transactional(propagation = Propagation.MANDATORY)
    void waitForNobody() {
        rows.waitForNobody();
    }

    private NewJobs.Draft draft(NewJob wanted) {
        var type = types.named(wanted.type());
        var parts = wanted.parts(type instanceof AgentJobType ? PartState.WAITING : null);
        var payload = rows.payload(wanted.payload());
        var job = Job.queued(
                ids.next("job"),
                wanted.withPayload(payload.readBack()),
                type.traits().exclusive(),
                parts);
        return new NewJobs.Draft(
                job, payload.text(), wanted.pause(), wanted.requester().idempotencyKey());
    }

    private List<Job> insert(NewJobs.Draft draft, NewJob wanted) {
        try {
            return rows.insert(List.of(draft));
        } catch (DuplicateKeyException lostTheRace) {
            throw busyOr(lostTheRace, wanted);
        }
    }

    private List<Job> begin(List<Job> jobs) {
        Map<String, List<Job>> byType = jobs.stream().collect(Collectors.groupingBy(Job::type));
        byType.forEach((type, some) -> types.named(type).begin(some));
        events.publishEvent(new JobsQueued(jobs));
        hints.afterCommit(
                () -> jobs.stream().filter(job -> job.notBefore() == null).forEach(queue::publish));
        jobs.forEach(job ->
                log.info("job={} type={} site={} node={} to=queued", job.id(), job.type(), job.siteId(), job.nodeId()));
        return jobs;
    }

    private RuntimeException busyOr(DuplicateKeyException race, NewJob wanted) {
        var text = String.valueOf(race.getMessage());
        return text.contains("one_unfinished_exclusive_job_per_site")
                ? JobException.siteBusy(String.valueOf(wanted.siteId()), "unknown", "started at the same moment")
                : text.contains("one_unfinished_exclusive_job_per_node")
                        ? JobException.nodeBusy(
                                String.valueOf(wanted.nodeId()), "unknown", "started at the same moment")
                        : race;
    }

    private static JobException busy(NewJob wanted, Job by) {
        return wanted.siteId() != null
                ? JobException.siteBusy(wanted.siteId(), by.id(), by.type())
                : JobException.nodeBusy(String.valueOf(wanted.nodeId()), by.id(), by.type());
    }
}
