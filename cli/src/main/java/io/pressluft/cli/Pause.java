package io.pressluft.cli;

import java.time.Duration;

/** The time between two looks at something that cannot call back. An interrupt ends it as a failure of the command. */
final class Pause {
    private Pause() {}

    static void of(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("interrupted", "The command was interrupted", "");
        }
    }
}
