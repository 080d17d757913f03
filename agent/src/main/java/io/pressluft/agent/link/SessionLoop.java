package io.pressluft.agent.link;

import java.io.IOException;

/** Something that goes on for as long as a session lasts. */
@FunctionalInterface
interface SessionLoop {
    void run() throws IOException, SessionEnded, InterruptedException;
}
