package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {

    private long now = 1;
    private final Heartbeats beats = new Heartbeats(() -> now);

    @Test
    void a_replica_that_has_just_begun_takes_nobodys_work() {
        regular(2);
        assertThat(beats.steady()).isFalse();
    }

    @Test
    void a_replica_that_beats_regularly_sees_who_is_silent() {
        regular(4);
        assertThat(beats.steady()).isTrue();
    }

    @Test
    void after_an_outage_of_the_database_the_others_are_given_time() {
        regular(10);
        beats.missed();
        regular(2);
        assertThat(beats.steady()).isFalse();
        regular(2);
        assertThat(beats.steady()).isTrue();
    }

    @Test
    void after_having_stood_still_the_others_are_given_time() {
        regular(10);
        now += Duration.ofMinutes(1).toNanos();
        beats.beat();
        assertThat(beats.steady()).isFalse();
    }

    private void regular(int count) {
        for (int i = 0; i < count; i++) {
            now += Heartbeats.EVERY.plusMillis(1).toNanos();
            beats.beat();
        }
    }
}
