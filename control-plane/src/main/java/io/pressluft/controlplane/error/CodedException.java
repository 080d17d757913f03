package io.pressluft.controlplane.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A refusal or failure that a user may read: a stable code, one sentence, and details. Never raw tool output. */
public abstract class CodedException extends RuntimeException {

    private final ErrorCode code;
    private final List<ErrorDetail> details;
    private final @Nullable String remediation;

    protected CodedException(ErrorCode code, String message) {
        this(code, message, List.of(), null, null);
    }

    protected CodedException(ErrorCode code, String message, List<ErrorDetail> details) {
        this(code, message, details, null, null);
    }

    /** @param remediation replaces the code's general advice when something more exact is known */
    protected CodedException(
            ErrorCode code,
            String message,
            List<ErrorDetail> details,
            @Nullable String remediation,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = List.copyOf(details);
        this.remediation = remediation;
    }

    public ErrorCode code() {
        return code;
    }

    public List<ErrorDetail> details() {
        return details;
    }

    public String remediation() {
        return remediation == null ? code.remediation() : remediation;
    }
}
