package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.id.Ids;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Messages on their way out. They are written down in the transaction that gives rise to them, so that no restart loses one;
 * each is tried by one replica at a time until it is taken, or has been tried often enough.
 */
@Component
class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final DeliveryStore store;
    private final List<Outlet> outlets;
    private final AlertSettings settings;
    private final Ids ids;

    Outbox(DeliveryStore store, List<Outlet> outlets, AlertSettings settings, Ids ids) {
        this.store = store;
        this.outlets = List.copyOf(outlets);
        this.settings = settings;
        this.ids = ids;
    }

    List<Outlet> outlets() {
        return outlets;
    }

    /**
     * Writes the message down for every channel that is to have it: on which it opened, there it clears.
     *
     * @param number its place among the messages of the incident
     * @return for how many
     */
    int add(int number, Notice notice) {
        int added = 0;
        for (var outlet : outlets) {
            if (wanted(outlet, notice) && store.add(ids.next("delivery"), outlet.channel(), number, notice)) {
                added++;
            }
        }
        return added;
    }

    /** Whether a channel is to hear that the incident is open, and was not told: it was set up, or mended, later. */
    boolean owes(String incident) {
        return outlets.stream().anyMatch(outlet -> owes(outlet, incident));
    }

    private boolean owes(Outlet outlet, String incident) {
        return outlet.configured() && store.owes(incident, outlet.channel());
    }

    /** Takes back what nobody could make sense of. */
    void tidy() {
        store.dropPointless();
    }

    private boolean wanted(Outlet outlet, Notice notice) {
        return switch (notice.type()) {
            case OPENED -> owes(outlet, String.valueOf(notice.incident()));
            case GROWN, CLEARED -> store.toldOf(String.valueOf(notice.incident()), outlet.channel());
            case TEST -> false;
        };
    }

    /**
     * Tries one message of the outlet's channel.
     *
     * @return false when none is due
     */
    boolean deliverOne(Outlet outlet) throws InterruptedException {
        Optional<Delivery> due = store.claim(outlet.channel(), settings.lease());
        if (due.isPresent()) {
            deliver(outlet, due.get());
        }
        return due.isPresent();
    }

    private void deliver(Outlet outlet, Delivery delivery) throws InterruptedException {
        switch (attempt(outlet, delivery)) {
            case Outlet.Outcome.Delivered() -> {
                boolean ours = store.sent(delivery, null);
                log.info("{} sent={} attempt={}", named(delivery), ours, delivery.attempt());
            }
            case Outlet.Outcome.DeliveredToSome(String seen) -> {
                boolean ours = store.sent(delivery, ErrorCode.ALERT_RECIPIENT_REFUSED);
                log.warn(
                        "{} sent={} attempt={} code={}: {}",
                        named(delivery),
                        ours,
                        delivery.attempt(),
                        ErrorCode.ALERT_RECIPIENT_REFUSED.code(),
                        seen);
            }
            case Outlet.Outcome.Failed(ErrorCode code, String seen) -> failed(delivery, code, seen);
        }
    }

    /** Whatever goes wrong counts as an attempt; else a message that cannot be sent would be tried for ever. */
    private static Outlet.Outcome attempt(Outlet outlet, Delivery delivery) throws InterruptedException {
        try {
            return outlet.send(delivery.id(), delivery.notice());
        } catch (RuntimeException e) {
            log.error("{} attempt={} ended by an unexpected error", named(delivery), delivery.attempt(), e);
            return new Outlet.Outcome.Failed(ErrorCode.INTERNAL_ERROR, "An unexpected error.");
        }
    }

    private void failed(Delivery delivery, ErrorCode code, String seen) {
        if (code == ErrorCode.ALERT_CHANNEL_UNSET || delivery.attempt() >= settings.attempts()) {
            store.givenUp(delivery, code);
            log.error(
                    "{} given up after attempt={} code={}: {}", named(delivery), delivery.attempt(), code.code(), seen);
        } else {
            store.again(delivery, code, settings.pauseAfter(delivery.attempt()));
            log.warn("{} attempt={} code={}: {}", named(delivery), delivery.attempt(), code.code(), seen);
        }
    }

    private static String named(Delivery delivery) {
        return "delivery=%s incident=%s channel=%s"
                .formatted(
                        delivery.id(),
                        delivery.notice().incident(),
                        delivery.channel().text());
    }
}
