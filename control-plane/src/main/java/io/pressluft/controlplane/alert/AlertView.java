package io.pressluft.controlplane.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incident as the API and the dashboard show it.
 *
 * @param text what is the matter now, or was, in a sentence
 * @param count how many members it has now
 * @param most how many it had at once at its height
 * @param members the first of those it has now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AlertView(
        String id,
        String kind,
        String state,
        String text,
        Instant since,
        Instant changedAt,
        @Nullable Instant openedAt,
        @Nullable Instant clearedAt,
        int count,
        int most,
        List<MemberView> members,
        List<DeliveryView> deliveries) {

    private static final int LISTED = 100;

    static AlertView of(Incident incident, List<DeliveryView> deliveries) {
        return new AlertView(
                incident.id(),
                incident.kind().text(),
                incident.state().text(),
                Sentences.of(incident),
                incident.since(),
                incident.changedAt(),
                incident.openedAt(),
                incident.clearedAt(),
                incident.members().size(),
                incident.most(),
                incident.members().stream()
                        .limit(LISTED)
                        .map(member -> new MemberView(member.id(), member.name(), member.since()))
                        .toList(),
                deliveries);
    }

    /** A node or job. */
    public record MemberView(String id, String name, Instant since) {}

    /**
     * What became of one message.
     *
     * @param code why the newest attempt failed; once it is sent, absent unless some recipients were refused
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DeliveryView(
            String message,
            String channel,
            String state,
            int attempts,
            @Nullable String code,
            @Nullable Instant settledAt) {}
}
