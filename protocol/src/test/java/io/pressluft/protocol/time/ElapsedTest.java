package io.pressluft.protocol.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ElapsedTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void it_counts_past_the_end_of_the_counter() {
        var elapsed = Elapsed.begin(nanos::get);
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(elapsed.time()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void a_limit_is_exceeded_after_it_not_at_it() {
        var elapsed = Elapsed.begin(nanos::get);
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(elapsed.exceeds(Duration.ofSeconds(3))).isFalse();
        nanos.incrementAndGet();
        assertThat(elapsed.exceeds(Duration.ofSeconds(3))).isTrue();
    }
}
