package io.pressluft.controlplane.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many nodes or jobs in the same trouble.
 *
 * @param since when the first of its members came into it
 * @param most how many members it had at once at its height
 * @param members those it has now
 */
record Incident(
        String id,
        IncidentKind kind,
        IncidentState state,
        Instant since,
        Instant changedAt,
        @Nullable Instant openedAt,
        @Nullable Instant clearedAt,
        int most,
        List<Member> members) {}
