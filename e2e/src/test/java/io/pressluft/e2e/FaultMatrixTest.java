package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Faults in the middle of a job, on a real node. A seed chooses the order and, unless {@code -Dpressluft.faults=all} asks
 * for every row, the points; {@code -Dpressluft.seed} repeats a run, {@code -Dpressluft.faults=<pattern>} runs the rows
 * whose names the pattern is found in.
 */
@Order(30)
@ExtendWith(OneNode.class)
class FaultMatrixTest {

    private static final String SAMPLE = "sample";

    @TestFactory
    Stream<DynamicTest> faults(Pressluft pressluft) {
        long seed = Long.getLong("pressluft.seed", System.nanoTime());
        System.out.println("fault matrix: seed " + seed);
        var node = new FaultNode(pressluft);
        var matrix = new FaultMatrix(pressluft, node, seed);
        var rows = chosen(matrix.rows(), new Random(seed));
        var tests = rows.stream().map(row -> dynamicTest(row.toString(), () -> matrix.strike(row)));
        var last = dynamicTest("every row was struck", () -> {
            matrix.print();
            assertThat(rows).isNotEmpty();
            assertThat(matrix.figures()).containsEntry("faults", rows.size());
        });
        return Stream.concat(tests, Stream.of(last)).onClose(node::close);
    }

    /** No rows were asked for. */
    static boolean sampled() {
        return wanted().equals(SAMPLE);
    }

    private static String wanted() {
        return System.getProperty("pressluft.faults", SAMPLE);
    }

    private static List<FaultRow> chosen(FaultRows rows, Random random) {
        var wanted = wanted();
        var chosen = new ArrayList<>(
                switch (wanted) {
                    case SAMPLE -> rows.sample(random);
                    case "all" -> rows.all();
                    default ->
                        rows.all().stream()
                                .filter(row -> Pattern.compile(wanted)
                                        .matcher(row.toString())
                                        .find())
                                .toList();
                });
        Collections.shuffle(chosen, random);
        return chosen;
    }
}
