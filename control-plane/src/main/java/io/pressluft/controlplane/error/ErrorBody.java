package io.pressluft.controlplane.error;

import java.util.List;

/** The one shape of every error answer. */
public record ErrorBody(String code, String message, List<ErrorDetail> details, String remediation) {

    public ErrorBody {
        message = Excerpt.of(message);
    }

    public static ErrorBody of(CodedException refusal) {
        return new ErrorBody(
                refusal.code().code(),
                refusal.getMessage() == null ? refusal.code().code() : refusal.getMessage(),
                refusal.details(),
                refusal.remediation());
    }

    public static ErrorBody of(ErrorCode code, String message) {
        return new ErrorBody(code.code(), message, List.of(), code.remediation());
    }
}
