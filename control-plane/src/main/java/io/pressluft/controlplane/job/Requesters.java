package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.RequestException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Turns a signed-in caller and the Idempotency-Key header into a {@link Requester}. */
@Component
public final class Requesters {

    /** @throws RequestException unless the key is absent or 1 to 100 printable ASCII characters */
    public Requester of(Principal who, @Nullable String idempotencyKey) {
        if (idempotencyKey != null && !idempotencyKey.matches("[\\x21-\\x7e]{1,100}")) {
            throw RequestException.invalid("Idempotency-Key", "Must be 1 to 100 printable ASCII characters.");
        }
        return new Requester(who.getName(), idempotencyKey);
    }
}
