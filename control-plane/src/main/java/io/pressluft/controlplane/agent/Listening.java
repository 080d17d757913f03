package io.pressluft.controlplane.agent;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.stereotype.Component;

/**
 * Since when this replica has been able to hear agents. What was not heard before says nothing about them: they may have
 * spoken while the control plane was away, could not store it, or was stopped.
 */
@Component
public class Listening {

    private final AgentSettings settings;
    private final Clock clock;
    private final AtomicReference<Instant> since;
    private final AtomicLong awakeAt = new AtomicLong(System.nanoTime());

    Listening(AgentSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.since = new AtomicReference<>(clock.instant());
    }

    /** Whether an agent that was not heard has had as much patience as one that this replica heard falling silent. */
    public boolean longEnough() {
        return !clock.instant().isBefore(since.get().plus(settings.silence().multipliedBy(2)));
    }

    /** What agents said could not be kept. */
    void interrupted() {
        since.set(clock.instant());
    }

    /** Called every few seconds; after a long pause this process itself was stopped, or its machine was. */
    void awake() {
        var now = System.nanoTime();
        if (now - awakeAt.getAndSet(now) > settings.silence().toNanos()) {
            interrupted();
        }
    }
}
