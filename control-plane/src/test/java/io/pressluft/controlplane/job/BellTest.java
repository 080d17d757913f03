package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BellTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Bell bell = new Bell();

    @Test
    void a_ring_before_anybody_waits_is_heard() throws Exception {
        bell.ring();
        assertThat(bell.await(LONG, Duration.ZERO, 1)).isTrue();
    }

    @Test
    void two_rings_before_a_look_are_answered_by_it() throws Exception {
        bell.ring();
        bell.ring();
        assertThat(bell.await(LONG, Duration.ZERO, 1)).isTrue();
        assertThat(bell.await(Duration.ZERO, Duration.ZERO, 1)).isFalse();
    }

    @Test
    void nobody_waits_for_ever() throws Exception {
        assertThat(bell.await(Duration.ofMillis(1), Duration.ZERO, 1)).isFalse();
    }

    @Test
    void a_burst_is_waited_out_for_no_longer_than_enough_has_come() throws Exception {
        bell.ring();
        bell.await(LONG, Duration.ZERO, 1);
        bell.ring();
        bell.ring();
        assertThat(bell.await(LONG, LONG, 2)).isTrue();
    }

    @Test
    void a_loud_ring_waits_for_no_burst() throws Exception {
        bell.ring();
        bell.await(LONG, Duration.ZERO, 1);
        bell.ring();
        bell.ringLoudly();
        assertThat(bell.await(LONG, LONG, 1_000)).isTrue();
    }

    @Test
    void a_burst_is_waited_out() throws Exception {
        var burst = Duration.ofMillis(20);
        bell.ring();
        bell.await(LONG, Duration.ZERO, 1);
        long looked = System.nanoTime();
        bell.ring();
        bell.await(LONG, burst, 1_000);
        assertThat(System.nanoTime() - looked).isGreaterThan(burst.toNanos() / 2);
    }
}
