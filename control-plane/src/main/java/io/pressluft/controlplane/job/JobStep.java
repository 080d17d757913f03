package io.pressluft.controlplane.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of a job. The same ordinal of the same part again is an update.
 *
 * @param part of the job; what the control plane does itself belongs to part 0, which leads
 * @param phase work, apply, prove, commit, undo
 * @param outcome running, ok, changed, failed, skipped
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobStep(
        int part,
        int ordinal,
        String phase,
        String name,
        String outcome,
        Instant startedAt,
        @Nullable Long durationMs,
        @Nullable String code,
        @Nullable String message) {

    /** The same step as it may be shown. */
    JobStep with(String shownName, String shownMessage) {
        return new JobStep(
                part,
                ordinal,
                phase,
                shownName,
                outcome,
                startedAt,
                durationMs,
                code,
                shownMessage.isEmpty() ? null : shownMessage);
    }
}
