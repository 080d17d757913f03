package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Order(8)
@ExtendWith(OneNode.class)
class SmokeTest {

    @Test
    void the_operators_smoke_passes_against_the_running_instance(Pressluft pressluft) {
        var api = pressluft.api();
        var before = pressluft.host().machines();
        var smoke = Commands.run(
                List.of(Path.of(System.getProperty("pressluft.home"), "scripts/smoke-create-site-preview.sh")
                        .toString()),
                Map.of("PRESSLUFT_URL", api.base().toString(), "PRESSLUFT_TOKEN", api.token()),
                Duration.ofMinutes(10));
        assertThat(smoke.exit()).as(smoke.out() + smoke.err()).isZero();
        assertThat(smoke.out()).contains("PASSED");
        assertThat(pressluft.host().machines()).as("its node is gone").isEqualTo(before);
    }
}
