package io.pressluft.controlplane.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of a job. The same ordinal again is an update.
 *
 * @param phase work, apply, prove, commit, undo
 * @param outcome running, ok, changed, failed, skipped
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobStep(
        int ordinal,
        String phase,
        String name,
        String outcome,
        Instant startedAt,
        @Nullable Long durationMs,
        @Nullable String code,
        @Nullable String message) {}
