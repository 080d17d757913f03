package io.pressluft.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final LinkSettings settings = new LinkSettings(
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5));

    @Test
    void no_pause_exceeds_the_cap_and_pauses_spread_over_the_window() {
        var backoff = new Backoff(settings, new Random(7));
        var pauses = java.util.stream.Stream.generate(() -> backoff.next(Retry.SOON))
                .limit(500)
                .toList();

        assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofSeconds(5)) <= 0);
        assertThat(pauses).anyMatch(pause -> pause.compareTo(Duration.ofMillis(4500)) > 0);
        assertThat(pauses.stream().skip(10)).anyMatch(pause -> pause.compareTo(Duration.ofMillis(500)) < 0);
    }

    @Test
    void a_welcome_makes_the_window_small_again() {
        var backoff = new Backoff(settings, new Random(7));
        for (int i = 0; i < 20; i++) {
            backoff.next(Retry.SLOWLY);
        }
        backoff.reset();

        assertThat(backoff.next(Retry.SOON)).isLessThanOrEqualTo(Duration.ofMillis(500));
    }

    @Test
    void a_gateway_is_silent_after_several_unanswered_heartbeats() {
        assertThat(HeartbeatLoop.silent(0, Duration.ofSeconds(5), 20_000)).isFalse();
        assertThat(HeartbeatLoop.silent(0, Duration.ofSeconds(5), 20_001)).isTrue();
    }
}
