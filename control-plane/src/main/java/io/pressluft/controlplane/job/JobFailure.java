package io.pressluft.controlplane.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Why a job failed.
 *
 * @param code a code of {@link ErrorCode}
 * @param message one sentence; never raw tool output. Bounded, and with secrets masked
 * @param step the step that failed, when it was one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobFailure(
        String code, String message, @Nullable String step, String remediation) {

    private static final int LONGEST_STEP = 200;
    private static final int LONGEST_MESSAGE = 2_000;

    public JobFailure {
        message = ShownText.of(message, LONGEST_MESSAGE);
        step = step == null ? null : ShownText.of(step, LONGEST_STEP);
    }

    public static JobFailure of(ErrorCode code, String message, @Nullable String step) {
        return new JobFailure(code.code(), message, step, code.remediation());
    }

    public static JobFailure of(CodedException failure, @Nullable String step) {
        var message = failure.getMessage() == null ? failure.code().code() : failure.getMessage();
        return new JobFailure(failure.code().code(), message, step, failure.remediation());
    }
}
