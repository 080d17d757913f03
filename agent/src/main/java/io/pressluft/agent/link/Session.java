package io.pressluft.agent.link;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.pressluft.agent.time.StopSignal;
import io.pressluft.agent.time.Wakeup;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.GatewayGrpc;
import io.pressluft.protocol.v1.ToAgent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One stream to the gateway. Messages go out in the order of the calls, and are taken in by one reader. */
final class Session {

    private static final Duration READY_SLICE = Duration.ofSeconds(1);
    private static final ToAgent WAKE = ToAgent.getDefaultInstance();

    private final BlockingQueue<ToAgent> inbox = new LinkedBlockingQueue<>();
    private final StopSignal over = new StopSignal();
    private final Wakeup ready = new Wakeup();
    private final AtomicReference<@Nullable Status> end = new AtomicReference<>();
    private final AtomicReference<@Nullable ClientCallStreamObserver<FromAgent>> call = new AtomicReference<>();
    private final Object sending = new Object();

    private Session() {}

    static Session open(ManagedChannel channel) {
        var session = new Session();
        var _ = GatewayGrpc.newStub(channel).connect(session.new Incoming());
        return session;
    }

    /** Raised when the stream has ended, whoever ended it. */
    StopSignal over() {
        return over;
    }

    /** Why the stream ended. */
    Status status() {
        var status = end.get();
        return status == null ? Status.OK : status;
    }

    /** Sends as soon as the transport takes more. */
    void send(FromAgent message) throws SessionEnded, InterruptedException {
        while (!over.isRaised() && !call().isReady()) {
            ready.await(READY_SLICE);
        }
        sendNow(message);
    }

    /** Sends without waiting: for what is small and must not be late. */
    void sendNow(FromAgent message) throws SessionEnded {
        synchronized (sending) {
            if (over.isRaised()) {
                throw new SessionEnded(status().toString());
            }
            try {
                call().onNext(message);
            } catch (IllegalStateException closedMeanwhile) {
                throw new SessionEnded(status().toString());
            }
        }
    }

    /** The next message; empty when none came in time or the stream has ended. */
    Optional<ToAgent> next(Duration patience) throws InterruptedException {
        var message = inbox.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return Optional.ofNullable(message).filter(some -> !some.equals(WAKE));
    }

    /** Ends the stream from this side. */
    void end(Status why) {
        synchronized (sending) {
            if (!ended(why)) {
                return;
            }
            try {
                call().onCompleted();
            } catch (IllegalStateException closedMeanwhile) {
                return;
            }
        }
    }

    private boolean ended(Status why) {
        boolean first = end.compareAndSet(null, why);
        over.raise();
        ready.hint();
        inbox.add(WAKE);
        return first;
    }

    private ClientCallStreamObserver<FromAgent> call() {
        var open = call.get();
        if (open == null) {
            throw new IllegalStateException("the call was not begun");
        }
        return open;
    }

    private final class Incoming implements ClientResponseObserver<FromAgent, ToAgent> {

        @Override
        public void beforeStart(ClientCallStreamObserver<FromAgent> begun) {
            call.set(begun);
            begun.setOnReadyHandler(ready::hint);
        }

        @Override
        public void onNext(ToAgent message) {
            inbox.add(message);
        }

        @Override
        public void onError(Throwable error) {
            ended(Status.fromThrowable(error));
        }

        @Override
        public void onCompleted() {
            ended(Status.UNAVAILABLE.withDescription("the gateway closed the stream"));
        }
    }
}
