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

    public static RequestException invalid(String field, String message) {
        return invalid(List.of(ErrorDetail.ofField(field, message)));
    }
}
