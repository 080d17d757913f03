package io.pressluft.controlplane.agent;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A control plane that could not hear blames nobody for having been silent. */
class ListeningTest {

    private static final AgentSettings SETTINGS = new AgentSettings(
            Duration.ofMillis(1), Duration.ofMillis(200), Duration.ofMillis(10), Duration.ofMinutes(5), 5);

    private final SettableClock clock = new SettableClock();
    private final Listening listening = new Listening(SETTINGS, clock);

    @Test
    void after_twice_the_silence_it_has_heard_enough() {
        clock.advance(SETTINGS.silence().multipliedBy(2));
        assertThat(listening.longEnough()).isTrue();
    }

    @Test
    void at_its_start_it_has_not() {
        var slow = new Listening(
                new AgentSettings(
                        Duration.ofSeconds(3), Duration.ofHours(1), Duration.ofSeconds(15), Duration.ofMinutes(5), 5),
                clock);
        assertThat(slow.longEnough()).isFalse();
        clock.advance(Duration.ofMinutes(119));
        assertThat(slow.longEnough()).isFalse();
    }

    @Test
    void what_could_not_be_kept_begins_it_anew() {
        clock.advance(Duration.ofHours(1));
        listening.interrupted();
        assertThat(listening.longEnough()).isFalse();
    }

    @Test
    void a_process_that_was_stopped_begins_it_anew() {
        clock.advance(Duration.ofHours(1));
        assertThat(listening.longEnough()).isTrue();
        var begun = System.nanoTime();
        eventually(
                "a pause longer than the silence",
                () -> System.nanoTime() - begun
                        > SETTINGS.silence().multipliedBy(2).toNanos());
        listening.awake();
        assertThat(listening.longEnough()).isFalse();
    }
}
