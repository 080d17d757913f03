package io.pressluft.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatewaysTest {

    private static final List<Gateway> THREE = IntStream.rangeClosed(1, 3)
            .mapToObj(port -> new Gateway("127.0.0.1", port, Path.of("ca.pem")))
            .toList();

    @Test
    void the_current_one_stays_until_it_is_passed_over() {
        var gateways = new Gateways(THREE, new Random(1));
        assertThat(gateways.current()).isEqualTo(gateways.current());
    }

    @Test
    void each_has_its_turn() {
        var gateways = new Gateways(THREE, new Random(1));
        var tried = IntStream.range(0, 3)
                .mapToObj(turn -> {
                    var one = gateways.current();
                    gateways.passOver();
                    return one;
                })
                .toList();
        assertThat(tried).containsExactlyInAnyOrderElementsOf(THREE);
        assertThat(gateways.current()).isEqualTo(tried.getFirst());
    }

    @Test
    void agents_begin_at_different_ones() {
        var first = IntStream.range(0, 50)
                .mapToObj(seed -> new Gateways(THREE, new Random(seed)).current())
                .distinct();
        assertThat(first).hasSize(3);
    }
}
