package io.pressluft.controlplane.dashboard;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorBody;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A form with what was entered and, when it was refused, why.
 *
 * @param values what was entered, by field
 * @param errors what is wrong, by field
 * @param problem why the form was refused; absent before it was sent
 */
public record Form(
        Map<String, String> values,
        Map<String, String> errors,
        @Nullable ErrorBody problem) {

    public static Form of(Map<String, String> values) {
        return new Form(Map.copyOf(values), Map.of(), null);
    }

    public static Form empty() {
        return of(Map.of());
    }

    public Form refused(CodedException refusal) {
        var wrong = new HashMap<String, String>();
        for (var detail : refusal.details()) {
            var field = detail.field();
            if (field != null) {
                wrong.merge(field, detail.message(), (first, second) -> first + " " + second);
            }
        }
        return new Form(values, Map.copyOf(wrong), wrong.isEmpty() ? ErrorBody.of(refusal) : marked(refusal));
    }

    private static ErrorBody marked(CodedException refusal) {
        return new ErrorBody(
                refusal.code().code(),
                "Some of what was entered does not fit.",
                refusal.details(),
                "Correct what is marked below and send the form again.");
    }

    /** The same with a message at {@code field}. */
    public Form wrong(String field, String message) {
        var more = new HashMap<>(errors);
        more.put(field, message);
        return new Form(values, Map.copyOf(more), problem);
    }

    public String value(String field) {
        return values.getOrDefault(field, "");
    }

    /** What is wrong with the field; empty when nothing is. */
    public String error(String field) {
        return errors.getOrDefault(field, "");
    }

    /** What was entered, or null when nothing was. */
    public @Nullable String entered(String field) {
        var value = value(field).strip();
        return value.isEmpty() ? null : value;
    }
}
