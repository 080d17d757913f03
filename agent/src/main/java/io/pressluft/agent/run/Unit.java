package io.pressluft.agent.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a run executes.
 *
 * @param name {@code pressluft-run-<job id>-<phase>}
 * @param limit after which the system ends the unit, should the agent not be there to do it
 */
public record Unit(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path workingDirectory,
        RunFiles files,
        Duration limit,
        int memoryMb) {}
