package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.RequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Why a body could not be read, in words for its sender: which field, and what is wrong with it. */
final class UnreadableBody {

    private static final String WHOLE = "body";

    private UnreadableBody() {}

    static CodedException refusal(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> RequestException.invalid(WHOLE, "Is required.");
            case StreamConstraintsException tooMuch ->
                RequestException.invalid(field(tooMuch), "Nested too deeply, or a name, text or number is too long.");
            case StreamReadException broken ->
                RequestException.invalid(field(broken), "Not JSON, or there twice%s.".formatted(where(broken)));
            case UnrecognizedPropertyException unknown ->
                RequestException.invalid(field(unknown), "There is no such field.");
            case DatabindException mistyped -> RequestException.invalid(field(mistyped), "Of the wrong type.");
            default -> RequestException.invalid(WHOLE, "Could not be read to its end.");
        };
    }

    private static String where(JacksonException refusal) {
        var at = refusal.getLocation();
        return at == null || at.getLineNr() < 0
                ? ""
                : ", at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    }

    /** The way to the field, such as {@code limits.memory}; the whole body when it is no field's fault. */
    private static String field(JacksonException refusal) {
        var path = new StringBuilder();
        for (var step : refusal.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        if (path.isEmpty() && refusal.processor() instanceof JsonParser parser && parser.currentName() != null) {
            return parser.currentName();
        }
        return path.isEmpty() ? WHOLE : path.toString();
    }
}
