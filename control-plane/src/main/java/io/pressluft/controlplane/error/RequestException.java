package io.pressluft.controlplane.error;

import java.util.List;

/** A request that is refused for what it says, before anything changes. */
public final class RequestException extends CodedException {

    private RequestException(ErrorCode code, String message, List<ErrorDetail> details) {
        super(code, message, details);
    }

    public static RequestException invalid(List<ErrorDetail> details) {
        return new RequestException(
                ErrorCode.REQUEST_INVALID, "The request has %d invalid field(s).".formatted(details.size()), details);
    }

    /** The caller wants an answer of a type that there is not. */
    public static RequestException notAcceptable() {
        return new RequestException(ErrorCode.NOT_ACCEPTABLE, "The answer is JSON, which is not accepted.", List.of());
    }

    public static RequestException invalid(String field, String message) {
        return invalid(List.of(ErrorDetail.ofField(field, message)));
    }
}
