package io.pressluft.controlplane.error;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Collects everything that is wrong with a request, so that one answer names all of it. */
public final class FieldChecks {

    private final List<ErrorDetail> details = new ArrayList<>();

    /** Records {@code message} for {@code field} unless {@code holds}. */
    public FieldChecks require(boolean holds, String field, String message) {
        if (!holds) {
            details.add(ErrorDetail.ofField(field, message));
        }
        return this;
    }

    /** The same with a condition that may only be evaluated when nothing was wrong so far. */
    public FieldChecks requireThen(BooleanSupplier holds, String field, String message) {
        return details.isEmpty() ? require(holds.getAsBoolean(), field, message) : this;
    }

    /** @throws RequestException naming every field that is wrong */
    public void done() {
        if (!details.isEmpty()) {
            throw RequestException.invalid(details);
        }
    }
}
