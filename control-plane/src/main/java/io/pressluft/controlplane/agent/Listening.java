package io.pressluft.controlplane.agent;

import io.pressluft.protocol.time.Ticks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/**
 * Since when this replica has been able to hear agents. What was not heard before says nothing about them: they may have
 * spoken while the control plane was away, could not store it, or was stopped. A clock that is set makes it neither deaf nor
 * patient for longer.
 */
@Component
public class Listening {

    private final Duration silence;
    private final Clock clock;
    private final Ticks ticks;
    private long since;
    private long seenAt;
    private Instant seenAtTime;

    Listening(AgentSettings settings, Clock clock, Ticks ticks) {
        this.silence = settings.silence();
        this.clock = clock;
        this.ticks = ticks;
        this.since = ticks.nanos();
        this.seenAt = since;
        this.seenAtTime = clock.instant();
    }

    /**
     * Whether an agent that was not heard has had as much patience as one that this replica heard falling silent. Asked every
     * few seconds, and after reading who was not heard, so that no pause comes between.
     */
    public synchronized boolean longEnough() {
        awake();
        return ticks.nanos() - since >= silence.multipliedBy(2).toNanos();
    }

    /** What agents said could not be kept. */
    synchronized void interrupted() {
        since = ticks.nanos();
    }

    /** After a long pause this process was stopped, or its machine slept. The ticks may not show the latter, the time does. */
    private void awake() {
        long now = ticks.nanos();
        var time = clock.instant();
        boolean stopped = now - seenAt > silence.toNanos();
        boolean asleep = Duration.between(seenAtTime, time).compareTo(silence) > 0;
        seenAt = now;
        seenAtTime = time;
        if (stopped || asleep) {
            interrupted();
        }
    }
}
