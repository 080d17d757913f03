package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.id.Ids;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens and clears incidents. Of several replicas one looks at a time, and whatever it finds is one transaction. */
@Component
class Watch {

    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    private final Sightings sightings;
    private final IncidentStore incidents;
    private final Outbox outbox;
    private final AlertSettings settings;
    private final TransactionTemplate transaction;
    private final Ids ids;

    Watch(
            Sightings sightings,
            IncidentStore incidents,
            Outbox outbox,
            AlertSettings settings,
            TransactionTemplate transaction,
            Ids ids) {
        this.sightings = sightings;
        this.incidents = incidents;
        this.outbox = outbox;
        this.settings = settings;
        this.transaction = transaction;
        this.ids = ids;
    }

    /**
     * Looks once.
     *
     * @return false when nothing was done, because another replica looks at this moment
     */
    boolean look() {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            boolean alone = incidents.alone();
            if (alone) {
                sightings.now().forEach(this::compare);
                outbox.tidy();
                incidents.forgetCleared(settings.kept());
            }
            return alone;
        }));
    }

    private void compare(IncidentKind kind, Sighted seen) {
        if (!seen.joining().isEmpty()) {
            incidents.begin(ids.next("incident"), kind);
        }
        incidents.unfinished(kind).ifPresent(incident -> {
            incidents.members(incident.id(), seen, settings.calm());
            move(incident);
        });
    }

    private void move(Incident incident) {
        var id = incident.id();
        switch (incident.state()) {
            case GATHERING -> {
                if (incidents.open(id, settings.settle())) {
                    incidents.tell(id);
                    tell(Notice.opened(incidents.get(id)), "settled");
                } else if (incidents.forget(id, settings.calm())) {
                    log.info(
                            "incident={} kind={} forgotten: over before it was told",
                            id,
                            incident.kind().text());
                }
            }
            case OPEN -> {
                if (incidents.clear(id, settings.calm())) {
                    tell(Notice.cleared(incidents.get(id)), "calm");
                } else if (incidents.grown(id, settings.settle(), settings.again())) {
                    tell(Notice.grown(incidents.get(id), incidents.tell(id)), "grown");
                } else {
                    tellLate(incidents.get(id));
                }
            }
            case CLEARED -> {}
        }
    }

    private void tellLate(Incident incident) {
        if (!incident.members().isEmpty() && outbox.owes(incident.id())) {
            tell(Notice.opened(incident), "channel");
        }
    }

    private void tell(Notice notice, String trigger) {
        var incident = Objects.requireNonNull(notice.incident());
        int messages = outbox.add(incidents.nextMessage(incident), notice);
        log.info(
                "incident={} kind={} to={} trigger={} members={} messages={}",
                incident,
                notice.kind(),
                notice.type() == Notice.Type.CLEARED ? "cleared" : "open",
                trigger,
                notice.count(),
                messages);
    }
}
