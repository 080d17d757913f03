package io.pressluft.controlplane.agent;

import io.grpc.stub.ServerCallStreamObserver;
import io.pressluft.protocol.v1.ToAgent;
import java.util.ArrayList;
import java.util.List;

/** The gateway's end of a call as gRPC gives it, whose far end reads when a test says so. */
final class ScriptedCall extends ServerCallStreamObserver<ToAgent> {

    final List<ToAgent> sent = new ArrayList<>();
    private Runnable onReady = () -> {};
    private boolean ready = true;
    private boolean automatic = true;
    private int asked;

    /** How many messages gRPC was asked for. */
    int asked() {
        return automatic ? Integer.MAX_VALUE : asked;
    }

    void reads(boolean now) {
        ready = now;
        if (now) {
            onReady.run();
        }
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        onReady = handler;
    }

    @Override
    public void disableAutoInboundFlowControl() {
        automatic = false;
    }

    @Override
    public void disableAutoRequest() {
        automatic = false;
    }

    @Override
    public void request(int count) {
        asked += count;
    }

    @Override
    public void onNext(ToAgent message) {
        sent.add(message);
    }

    @Override
    public void onError(Throwable cut) {}

    @Override
    public void onCompleted() {}

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}
}
