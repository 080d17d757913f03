package io.pressluft.agent.run;

import java.nio.file.Path;

/**
 * What is to be run.
 *
 * @param directory the run's own
 * @param tokenFile highest fencing token of the site; empty path when there is no site
 * @param token 0 when there is no site
 * @param deadline CLOCK_BOOTTIME in milliseconds
 * @param stepMillis how long one step may take; 0 when only the deadline bounds it
 * @param cancelFile once it exists, an apply ends before its next step
 */
public record RunOrder(
        String jobId,
        String type,
        RunPhase phase,
        Path directory,
        String payload,
        Path tokenFile,
        long token,
        long deadline,
        long stepMillis,
        Path cancelFile,
        int ordinalBase,
        long logBase) {

    public String unit() {
        return "pressluft-run-" + jobId + "-" + phase.word();
    }

    public RunFiles files() {
        return new RunFiles(directory);
    }
}
