package io.pressluft.controlplane.job;

import io.pressluft.controlplane.id.Ids;
import java.time.Instant;
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
    private final JobTypes types;
    private final JobQueue queue;
    private final JobHints hints;
    private final Ids ids;
    private final ApplicationEventPublisher events;

    Intake(JobStore store, JobTypes types, JobQueue queue, JobHints hints, Ids ids, ApplicationEventPublisher events) {
        this.store = store;
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
        var type = types.named(wanted.type());
        var traits = type.traits();
        var parts = wanted.parts(type instanceof AgentJobType ? PartState.WAITING : null);
        var meant = wanted.withPayload(store.stored(wanted.payload()));
        var id = ids.next("job");
        var ticket = insert(Job.queued(id, meant, traits.exclusive(), null, parts, Instant.EPOCH), wanted);
        var job = Job.queued(id, meant, traits.exclusive(), ticket.token(), parts, ticket.at());
        type.begin(job);
        events.publishEvent(new JobQueued(job));
        if (wanted.pause().isZero()) {
            hints.afterCommit(() -> queue.publish(job));
        }
        log.info("job={} type={} site={} node={} to=queued", job.id(), job.type(), job.siteId(), job.nodeId());
        return job;
    }

    private JobStore.Ticket insert(Job job, NewJob wanted) {
        try {
            while (true) {
                var ticket =
                        store.insert(job, wanted.pause(), wanted.requester().idempotencyKey());
                if (ticket.isPresent()) {
                    return ticket.get();
                }
                // What was in the way may be gone by now.
                store.unfinishedExclusive(wanted.siteId(), wanted.nodeId()).ifPresent(by -> {
                    throw busy(wanted, by);
                });
            }
        } catch (DuplicateKeyException lostTheRace) {
            throw busyOr(lostTheRace, wanted);
        }
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
