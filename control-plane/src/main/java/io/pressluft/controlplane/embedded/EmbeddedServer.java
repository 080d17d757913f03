package io.pressluft.controlplane.embedded;

import java.io.IOException;
import java.util.Map;

/** A server that is a child process of the control plane, on loopback, with durable settings. */
interface EmbeddedServer {

    /** Whether its process runs. */
    boolean alive();

    /** Starts the server on the same data and port once more, after what is left of it has been ended. */
    EmbeddedServer again() throws IOException;

    /** Spring properties that point the application at it. */
    Map<String, Object> properties();

    /** Ends it in order; returns when it is gone. */
    void stop() throws IOException;
}
