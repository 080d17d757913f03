package io.pressluft.controlplane.job;

import java.util.concurrent.Callable;

/** Where the work of a control-plane job is written down as it happens. */
public interface WorkLog {

    /** Runs {@code work} as a step that is seen to start and to end. */
    <T> T step(String name, Callable<T> work);

    /** Records a step that another program ran. */
    void step(JobStep step);

    /** The next free ordinal, for steps that another program numbers from one. */
    int nextOrdinal();

    /** Raw output for the job's log. */
    void log(String text);
}
