package io.pressluft.controlplane.agent;

import io.grpc.stub.ServerCallStreamObserver;

/**
 * Takes the next message of an agent once it reads the answers to those before: what an agent does not read is not gathered
 * here without bound. One that never reads is not heard any more, and counts as silent.
 */
final class ReadingPace {

    private final ServerCallStreamObserver<?> call;
    private boolean waiting;

    private ReadingPace(ServerCallStreamObserver<?> call) {
        this.call = call;
    }

    /** Asks for the first message. To be called before the call's handler is returned. */
    static ReadingPace of(ServerCallStreamObserver<?> call) {
        var pace = new ReadingPace(call);
        call.disableAutoRequest();
        call.setOnReadyHandler(pace::ready);
        call.request(1);
        return pace;
    }

    /** The newest message has been dealt with. */
    void next() {
        waiting = !call.isReady();
        if (!waiting) {
            call.request(1);
        }
    }

    /** Comes after each time that the call was not ready, and never during a message. */
    private void ready() {
        if (waiting) {
            next();
        }
    }
}
