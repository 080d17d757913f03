package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.error.ErrorDetail;
import java.util.List;

/** A job that cannot be found, started or repeated. */
public final class JobException extends CodedException {

    private JobException(ErrorCode code, String message, List<ErrorDetail> details) {
        super(code, message, details);
    }

    static JobException notFound(String id) {
        return new JobException(ErrorCode.JOB_NOT_FOUND, "There is no job %s.".formatted(id), List.of());
    }

    static JobException siteBusy(String siteId, String by, String type) {
        return new JobException(
                ErrorCode.SITE_BUSY,
                "Site %s is busy with job %s (%s).".formatted(siteId, by, type),
                List.of(ErrorDetail.ofCheck(by, type)));
    }

    static JobException nodeBusy(String nodeId, String by, String type) {
        return new JobException(
                ErrorCode.NODE_BUSY,
                "Node %s is busy with job %s (%s).".formatted(nodeId, by, type),
                List.of(ErrorDetail.ofCheck(by, type)));
    }

    /** @param part whether another job asked for it */
    static JobException notRetryable(Job job, boolean part) {
        return new JobException(
                ErrorCode.JOB_NOT_RETRYABLE,
                part
                        ? "Job %s is a part of another job and is repeated with it.".formatted(job.id())
                        : "Job %s is %s and cannot be retried."
                                .formatted(job.id(), job.state().text()),
                List.of());
    }

    /** Whoever repeats an old intent may not know what it would do by now. */
    static JobException notTheNewest(Job job, String later, String type) {
        return new JobException(
                ErrorCode.JOB_SUPERSEDED,
                "Job %s cannot be retried: job %s (%s) came after it.".formatted(job.id(), later, type),
                List.of(ErrorDetail.ofCheck(later, type)));
    }

    static JobException notCancellable(Job job) {
        return new JobException(
                ErrorCode.JOB_NOT_CANCELLABLE,
                "Job %s is %s%s and cannot be cancelled."
                        .formatted(job.id(), job.state().text(), whyNot(job)),
                List.of());
    }

    private static String whyNot(Job job) {
        if ("commit".equals(job.verdict()) && !job.state().terminal()) {
            return " and decided on";
        }
        return job.cancellable() ? ", has begun to take things apart," : "";
    }

    static JobException notStalled(Job job) {
        return new JobException(
                ErrorCode.JOB_NOT_STALLED,
                "Job %s is %s; only a stalled job is resolved by hand."
                        .formatted(job.id(), job.state().text()),
                List.of());
    }

    static JobException keyReused(String key) {
        return new JobException(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "The idempotency key %s was used for a different request.".formatted(key),
                List.of());
    }
}
