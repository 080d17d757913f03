package io.pressluft.controlplane.alert;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is said in one message, as it was when it was written down.
 *
 * @param text a sentence for people
 * @param since when the first member came into it
 * @param count how many members there are; of one that has cleared, how many there were at its height
 * @param members the first of them; of one that has grown, the first of those that have joined; none of an incident that
 *     has cleared
 */
record Notice(
        Type type,
        String text,
        @Nullable String incident,
        @Nullable String kind,
        @Nullable Instant since,
        @Nullable Instant openedAt,
        @Nullable Instant clearedAt,
        int count,
        List<Member> members) {

    private static final int LISTED = 100;

    /** What a message is about. */
    enum Type {
        OPENED,
        GROWN,
        CLEARED,
        TEST;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Notice opened(Incident incident) {
        return new Notice(
                Type.OPENED,
                Sentences.under(incident.kind(), incident.members()),
                incident.id(),
                incident.kind().text(),
                incident.since(),
                incident.openedAt(),
                null,
                incident.members().size(),
                incident.members().stream().limit(LISTED).toList());
    }

    /**
     * That others are in the same trouble.
     *
     * @param joined those that no message has named before; at least one
     */
    static Notice grown(Incident incident, List<Member> joined) {
        return new Notice(
                Type.GROWN,
                Sentences.grown(incident, joined),
                incident.id(),
                incident.kind().text(),
                incident.since(),
                incident.openedAt(),
                null,
                incident.members().size(),
                joined.stream().limit(LISTED).toList());
    }

    static Notice cleared(Incident incident) {
        return new Notice(
                Type.CLEARED,
                Sentences.over(incident),
                incident.id(),
                incident.kind().text(),
                incident.since(),
                incident.openedAt(),
                incident.clearedAt(),
                incident.most(),
                List.of());
    }

    static Notice test() {
        return new Notice(
                Type.TEST,
                "This is a test message: alerts of this control plane arrive here.",
                null,
                null,
                null,
                null,
                null,
                0,
                List.of());
    }
}
