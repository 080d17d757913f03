package io.pressluft.cli;

import java.time.Duration;

/** Waiting that an interrupt ends as a failure of the command. */
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
