package io.pressluft.agent.link;

import io.grpc.Status;

/** What a transport error means for the next attempt. Decided here and nowhere else. */
enum Retry {
    /** The far end is away or busy: again soon. */
    SOON,
    /** The far end said no to this node: again, but slowly. An operator may change its mind; this agent cannot. */
    SLOWLY;

    /** The status in one line, with the reason at its root. */
    static String oneLine(Status status) {
        var root = status.getCause();
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        var text = status.getCode() + (status.getDescription() == null ? "" : " " + status.getDescription());
        return root == null ? text : text + " (" + root.getMessage() + ")";
    }

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
