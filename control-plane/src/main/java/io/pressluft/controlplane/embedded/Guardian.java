package io.pressluft.controlplane.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a server once more when it ends unasked: killed for memory, by a crash, or by hand. */
final class Guardian {

    private static final Logger log = LoggerFactory.getLogger(Guardian.class);

    private static final Duration LOOK = Duration.ofMillis(250);

    /** A server that does not come up is not started over and over in a hurry. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final String name;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private EmbeddedServer server;

    private Guardian(String name, EmbeddedServer server) {
        this.name = name;
        this.server = server;
        this.thread = Thread.ofPlatform().daemon().name("guardian-" + name).unstarted(this::watch);
    }

    static Guardian of(String name, EmbeddedServer server) {
        var guardian = new Guardian(name, server);
        guardian.thread.start();
        return guardian;
    }

    private void watch() {
        var pause = LOOK;
        while (!stopped(pause)) {
            pause = LOOK;
            if (!server.alive()) {
                log.error("the embedded {} has ended unasked; starting it again", name);
                try {
                    server = server.again();
                    log.info("the embedded {} runs again", name);
                } catch (IOException | RuntimeException e) {
                    log.error("the embedded {} does not start; trying again in {}", name, PAUSE, e);
                    pause = PAUSE;
                }
            }
        }
    }

    private boolean stopped(Duration pause) {
        try {
            return stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends the server, and does not start it again. */
    void end() throws IOException {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop();
    }
}
