package io.pressluft.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {

    @TempDir
    Path directory;

    @Test
    void one_gateway_is_a_list_of_one() throws IOException {
        assertThat(read("control.example.org:7601").gateways())
                .containsExactly(new AgentConfig.Address("control.example.org", 7601));
    }

    @Test
    void gateways_are_separated_by_commas() throws IOException {
        assertThat(read("a.example.org:7601,[2001:db8::1]:7602").gateways())
                .containsExactly(
                        new AgentConfig.Address("a.example.org", 7601), new AgentConfig.Address("[2001:db8::1]", 7602));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a:", ":7601", "a:0", "a:65536", "a:7601,", ",a:7601", "a:7601,b"})
    void what_is_no_list_of_gateways_is_refused(String gateway) {
        assertThatThrownBy(() -> read(gateway)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void there_are_no_more_gateways_than_eight() {
        var nine = IntStream.range(0, 9).mapToObj(n -> "a" + n + ":7601").collect(Collectors.joining(","));
        assertThatThrownBy(() -> read(nine)).isInstanceOf(IllegalArgumentException.class);
    }

    private AgentConfig read(String gateway) throws IOException {
        var file = directory.resolve("agent.json");
        Files.writeString(file, """
                {"nodeId": "node_aaaaaaaaaaaa", "gateway": "%s"}
                """.formatted(gateway));
        return AgentConfig.read(file);
    }
}
