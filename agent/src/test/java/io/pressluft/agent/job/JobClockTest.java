package io.pressluft.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JobClockTest {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final AtomicLong boot = new AtomicLong(HOUR);
    private final AtomicLong wall =
            new AtomicLong(Instant.parse("2026-11-21T00:00:00Z").toEpochMilli());

    @Test
    void a_wall_clock_that_is_set_moves_no_deadline() {
        var clock = clock("boot-1");
        var deadline = clock.in(MINUTE);
        wall.addAndGet(HOUR);
        assertThat(clock.left(deadline)).isEqualTo(Duration.ofMinutes(1));
        wall.addAndGet(-2 * HOUR);
        assertThat(clock.left(deadline)).isEqualTo(Duration.ofMinutes(1));
        boot.addAndGet(MINUTE);
        assertThat(clock.over(deadline)).isTrue();
    }

    @Test
    void after_a_reboot_the_wall_clock_says_what_is_left() {
        var deadline = clock("boot-1").in(MINUTE);
        boot.set(0);
        wall.addAndGet(MINUTE / 2);
        assertThat(clock("boot-2").left(deadline)).isEqualTo(Duration.ofSeconds(30));
    }

    private JobClock clock(String bootId) {
        return new JobClock(boot::get, bootId, () -> Instant.ofEpochMilli(wall.get()));
    }
}
