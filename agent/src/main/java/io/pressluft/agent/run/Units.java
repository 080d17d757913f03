package io.pressluft.agent.run;

import java.io.IOException;

/** Processes that live on without the agent and leave their exit in {@link RunFiles#exit()}. */
public interface Units {

    /** Returns when the unit runs. */
    void start(Unit unit) throws IOException, InterruptedException;

    boolean alive(String name, RunFiles files) throws InterruptedException;

    /** Ends the unit and all of its processes; returns when they are gone. */
    void stop(String name, RunFiles files) throws InterruptedException;
}
