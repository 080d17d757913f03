package io.pressluft.controlplane.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** One thing that is wrong: a field of the request, or a check that failed. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErrorDetail(@Nullable String field, @Nullable String code, String message) {

    public ErrorDetail {
        field = field == null ? null : Excerpt.of(field);
        message = Excerpt.of(message);
    }

    public static ErrorDetail ofField(String field, String message) {
        return new ErrorDetail(field, null, message);
    }

    public static ErrorDetail ofCheck(String code, String message) {
        return new ErrorDetail(null, code, message);
    }
}
