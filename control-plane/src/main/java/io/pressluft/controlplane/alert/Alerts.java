package io.pressluft.controlplane.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.id.Ids;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Reading what was told, and trying the ways on which it is told. */
@Service
class Alerts {

    private static final Logger log = LoggerFactory.getLogger(Alerts.class);

    private final IncidentStore incidents;
    private final DeliveryStore deliveries;
    private final Outbox outbox;
    private final AuditLog audit;
    private final Ids ids;

    Alerts(IncidentStore incidents, DeliveryStore deliveries, Outbox outbox, AuditLog audit, Ids ids) {
        this.incidents = incidents;
        this.deliveries = deliveries;
        this.outbox = outbox;
        this.audit = audit;
        this.ids = ids;
    }

    /** Open ones first, then what has cleared, newest first. */
    List<AlertView> list(int limit) {
        var told = incidents.told(limit);
        var messages = deliveries.of(told.stream().map(Incident::id).toList());
        return told.stream()
                .map(one -> AlertView.of(one, messages.getOrDefault(one.id(), List.of())))
                .toList();
    }

    /** Incidents that are open and have members. */
    List<Incident> open() {
        return incidents.open().stream()
                .filter(incident -> !incident.members().isEmpty())
                .toList();
    }

    /** How many messages the receivers do not have, of each channel that is set up and fails. */
    Map<Channel, Integer> undelivered() {
        var counts = new EnumMap<Channel, Integer>(Channel.class);
        for (var outlet : outbox.outlets()) {
            int count = outlet.configured() ? deliveries.undelivered(outlet.channel()) : 0;
            if (count > 0) {
                counts.put(outlet.channel(), count);
            }
        }
        return counts;
    }

    /**
     * How one attempt on one channel ended.
     *
     * @param outcome {@code delivered}, {@code failed} or {@code unset}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Tried(
            String channel,
            String outcome,
            @Nullable String code,
            String message,
            @Nullable String remediation) {}

    /** Sends a message on every channel that is set, once, and says what happened to each. */
    List<Tried> test(String by) {
        var tried = outbox.outlets().stream().map(this::test).toList();
        tried.forEach(one -> audit.add(by, "alert_test", one.channel(), one.outcome(), null, one.code()));
        return tried;
    }

    private Tried test(Outlet outlet) {
        var channel = outlet.channel().text();
        return switch (attempt(outlet)) {
            case Outlet.Outcome.Delivered() -> {
                deliveries.taken(outlet.channel());
                yield new Tried(channel, "delivered", null, "The receiver has taken the message.", null);
            }
            case Outlet.Outcome.DeliveredToSome(String seen) -> {
                deliveries.taken(outlet.channel());
                yield new Tried(
                        channel,
                        "failed",
                        ErrorCode.ALERT_RECIPIENT_REFUSED.code(),
                        seen,
                        ErrorCode.ALERT_RECIPIENT_REFUSED.remediation());
            }
            case Outlet.Outcome.Failed(ErrorCode code, String seen) ->
                new Tried(
                        channel,
                        code == ErrorCode.ALERT_CHANNEL_UNSET ? "unset" : "failed",
                        code.code(),
                        seen,
                        code.remediation());
        };
    }

    private Outlet.Outcome attempt(Outlet outlet) {
        try {
            return outlet.send(ids.next("delivery"), Notice.test());
        } catch (RuntimeException e) {
            log.error(
                    "A test of channel={} ended by an unexpected error",
                    outlet.channel().text(),
                    e);
            return new Outlet.Outcome.Failed(ErrorCode.INTERNAL_ERROR, "An unexpected error.");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Outlet.Outcome.Failed(ErrorCode.INTERRUPTED, "The control plane stops.");
        }
    }
}
