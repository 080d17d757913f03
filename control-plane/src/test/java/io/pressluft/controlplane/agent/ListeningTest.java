package io.pressluft.controlplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.SettableClock;
import io.pressluft.controlplane.harness.SettableTicks;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A control plane that could not hear blames nobody for having been silent. */
class ListeningTest {

    private static final AgentSettings SETTINGS = new AgentSettings(
            Duration.ofSeconds(3), Duration.ofHours(1), Duration.ofSeconds(15), Duration.ofMinutes(5), 5);
    private static final Duration LOOK = Duration.ofMinutes(10);

    private final SettableClock clock = new SettableClock();
    private final SettableTicks ticks = new SettableTicks();
    private final Listening listening = new Listening(SETTINGS, clock, ticks);

    /** As long as it looks around in the meantime. */
    private void pass(Duration time) {
        for (var left = time; left.isPositive(); left = left.minus(LOOK)) {
            clock.advance(LOOK);
            ticks.advance(LOOK);
            listening.longEnough();
        }
    }

    @Test
    void after_twice_the_silence_it_has_heard_enough() {
        pass(Duration.ofHours(2));
        assertThat(listening.longEnough()).isTrue();
    }

    @Test
    void at_its_start_it_has_not() {
        assertThat(listening.longEnough()).isFalse();
        pass(Duration.ofMinutes(110));
        assertThat(listening.longEnough()).isFalse();
    }

    @Test
    void what_could_not_be_kept_begins_it_anew() {
        pass(Duration.ofHours(3));
        listening.interrupted();
        assertThat(listening.longEnough()).isFalse();
    }

    @Test
    void a_process_that_was_stopped_begins_it_anew() {
        pass(Duration.ofHours(3));
        clock.advance(Duration.ofMinutes(61));
        ticks.advance(Duration.ofMinutes(61));
        assertThat(listening.longEnough()).isFalse();
    }

    /** On Linux the ticks stand still while the machine sleeps. */
    @Test
    void a_machine_that_slept_begins_it_anew() {
        pass(Duration.ofHours(3));
        clock.advance(Duration.ofMinutes(61));
        assertThat(listening.longEnough()).isFalse();
    }

    @Test
    void a_clock_that_is_set_back_does_not_make_it_deaf() {
        clock.advance(Duration.ofHours(3));
        var early = new Listening(SETTINGS, clock, ticks);
        clock.advance(Duration.ofHours(-3));
        for (int looks = 0; looks < 12; looks++) {
            assertThat(early.longEnough()).isFalse();
            ticks.advance(LOOK);
        }
        assertThat(early.longEnough()).isTrue();
    }
}
