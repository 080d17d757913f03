package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What every attack has in common: two neighbours before, and afterwards one that still proves itself. */
@ExtendWith(OneNode.class)
abstract class Attack {

    private Neighbours neighbours;

    @BeforeEach
    void meet(Pressluft pressluft) {
        neighbours = Neighbours.on(pressluft);
    }

    @AfterEach
    void the_victim_still_serves() {
        neighbours.assertVictimServes();
    }

    Neighbours neighbours() {
        return neighbours;
    }

    /** The answers of the code, which returns a list of strings, over the web. */
    List<String> web(String code) {
        return strings(neighbours.web(code));
    }

    List<String> jail(String code) {
        return strings(neighbours.jail(code));
    }

    private static List<String> strings(JsonNode value) {
        assertThat(value.isArray()).as("%s", value).isTrue();
        return value.valueStream().map(JsonNode::asString).toList();
    }
}
