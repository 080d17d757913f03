package io.pressluft.agent.job;

import io.pressluft.agent.time.BootClock;
import java.time.Duration;
import java.time.InstantSource;

/** The clocks that jobs are measured with. */
public record JobClock(BootClock boot, String bootId, InstantSource wall) {

    Deadline in(long millis) {
        return new Deadline(boot.millis() + millis, bootId, wall.millis() + millis);
    }

    /** The deadline on this boot's clock. */
    long bootMillis(Deadline deadline) {
        return deadline.bootId().equals(bootId)
                ? deadline.bootMillis()
                : boot.millis() + deadline.epochMillis() - wall.millis();
    }

    Duration left(Deadline deadline) {
        return Duration.ofMillis(bootMillis(deadline) - boot.millis());
    }

    boolean over(Deadline deadline) {
        return !left(deadline).isPositive();
    }
}
