package io.pressluft.agent.run;

import java.time.Duration;
import java.util.List;

/**
 * How runs are run.
 *
 * @param command what precedes the playbook's name, e.g. {@code ansible-playbook -i localhost, -c local}
 * @param atOnce how many runs there may be at one time
 * @param memoryMb what a run and all its processes may take
 * @param grace how long a step may go on after its run's deadline before the unit is stopped
 */
public record RunSettings(List<String> command, int atOnce, int memoryMb, Duration grace) {

    private static final int LEAST_MEMORY_MB = 64;

    public RunSettings {
        if (command.isEmpty() || atOnce < 1 || memoryMb < LEAST_MEMORY_MB || grace.isNegative()) {
            throw new IllegalArgumentException("a run needs a command, a place, memory and a grace");
        }
    }
}
