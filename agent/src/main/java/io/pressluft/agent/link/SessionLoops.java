package io.pressluft.agent.link;

import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The loops beside the reader of a session. One that fails ends the session: the next one begins afresh. */
final class SessionLoops {

    private static final Logger LOG = Logger.getLogger(SessionLoops.class.getName());

    private final Session session;
    private final List<Thread> threads = new ArrayList<>();

    SessionLoops(Session session) {
        this.session = session;
    }

    void start(String name, SessionLoop loop) {
        threads.add(Thread.ofVirtual().name(name).start(() -> guarded(name, loop)));
    }

    void join() throws InterruptedException {
        for (var thread : threads) {
            thread.join();
        }
    }

    private void guarded(String name, SessionLoop loop) {
        try {
            loop.run();
        } catch (SessionEnded | InterruptedException expected) {
            session.end(Status.CANCELLED.withDescription("the " + name + " loop ended"));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.SEVERE, "loop=" + name + " failed; the stream is begun again", e);
            session.end(Status.INTERNAL.withDescription("the " + name + " loop failed"));
        }
    }
}
