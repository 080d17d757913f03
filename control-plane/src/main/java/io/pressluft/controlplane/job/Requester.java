package io.pressluft.controlplane.job;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for a job.
 *
 * @param name the user's name
 * @param idempotencyKey chosen by the client; a repeat of the same request with it gets the same job
 */
public record Requester(String name, @Nullable String idempotencyKey) {

    /** For what nobody asked for. User names have no brackets. */
    public static final Requester CONTROL_PLANE = new Requester("(control plane)", null);
}
