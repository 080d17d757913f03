package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BellTest {

    private final Bell bell = new Bell();

    @Test
    void a_ring_before_anybody_waits_is_heard() throws Exception {
        bell.ring();
        assertThat(bell.await(Duration.ofMinutes(1), Duration.ZERO)).isTrue();
    }

    @Test
    void two_rings_before_a_look_are_answered_by_it() throws Exception {
        bell.ring();
        bell.ring();
        assertThat(bell.await(Duration.ofMinutes(1), Duration.ZERO)).isTrue();
        assertThat(bell.await(Duration.ZERO, Duration.ZERO)).isFalse();
    }

    @Test
    void nobody_waits_for_ever() throws Exception {
        assertThat(bell.await(Duration.ofMillis(1), Duration.ZERO)).isFalse();
    }
}
