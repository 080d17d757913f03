package io.pressluft.controlplane.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobView(
        String id,
        String type,
        String state,
        @Nullable String siteId,
        @Nullable String environmentId,
        @Nullable String nodeId,
        @Nullable Long fencingToken,
        String requestedBy,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant settledAt,
        @Nullable Instant deadlineAt,
        @Nullable String retryOf,
        @Nullable String retriedBy,
        int attempt,
        @Nullable Instant notBefore,
        boolean retryable,
        boolean cancellable,
        boolean resolvable,
        @Nullable List<Part> parts,
        @Nullable String cancelledBy,
        @Nullable String stallReason,
        @Nullable JobFailure failure,
        @Nullable List<JobStep> steps) {

    /** What one of several nodes has to do with the job. */
    public record Part(int part, String nodeId, String role, String state) {

        /** Absent for a job that is one node's alone. */
        static @Nullable List<Part> of(Job job) {
            return job.parts().size() < 2
                    ? null
                    : job.parts().stream()
                            .map(part -> new Part(
                                    part.part(),
                                    part.nodeId(),
                                    part.role().text(),
                                    part.state() == null ? "" : part.state().text()))
                            .toList();
        }
    }

    /** A job that has just moved. What its type allows beyond that is known to {@link Jobs#view}. */
    public static JobView of(Job job) {
        return of(job, false, job.cancellable(), null, null);
    }

    static JobView of(
            Job job,
            boolean retryable,
            boolean cancellable,
            @Nullable String retriedBy,
            @Nullable List<JobStep> steps) {
        return new JobView(
                job.id(),
                job.type(),
                job.state().text(),
                job.siteId(),
                job.environmentId(),
                job.nodeId(),
                job.fencingToken(),
                job.requestedBy(),
                job.createdAt(),
                job.startedAt(),
                job.settledAt(),
                job.deadlineAt(),
                job.retryOf(),
                retriedBy,
                job.attempt(),
                job.notBefore(),
                retryable,
                cancellable,
                job.resolvable(),
                Part.of(job),
                job.cancelledBy(),
                job.stallReason() == null ? null : job.stallReason().text(),
                job.failure(),
                steps);
    }
}
