package io.pressluft.agent.link;

import io.grpc.Status;

/** What a transport error means for the next attempt. Decided here and nowhere else. */
enum Retry {
    /** The far end is away or busy: again soon. */
    SOON,
    /** The far end said no to this node: again, but slowly. An operator may change its mind; this agent cannot. */
    SLOWLY;

    static Retry of(Status.Code code) {
        return switch (code) {
            case OK, CANCELLED, UNAVAILABLE, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNKNOWN -> SOON;
            case UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    UNIMPLEMENTED,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    DATA_LOSS -> SLOWLY;
        };
    }
}
