package io.pressluft.agent.run;

import java.util.Map;

/** How a run ended. */
public sealed interface RunEnd {

    record Succeeded(Map<String, String> outputs) implements RunEnd {}

    record Failed(Failure failure) implements RunEnd {}

    /** It stopped before a step because a newer job holds the site. */
    record FencedOff(Failure failure) implements RunEnd {}

    /** It stopped before a step because the job was cancelled. */
    record Cancelled(Failure failure) implements RunEnd {}

    /** It stopped, or was stopped, because its time was over. */
    record OutOfTime(Failure failure) implements RunEnd {}

    /** It is gone and left no end: the machine or the unit was killed. */
    record Lost(Failure failure) implements RunEnd {}
}
