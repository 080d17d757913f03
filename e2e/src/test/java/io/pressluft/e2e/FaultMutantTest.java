package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The matrix is able to be red: each guard that is taken out of the product is missed by a row. */
@Order(31)
@ExtendWith(OneNode.class)
class FaultMutantTest {

    @TestFactory
    Stream<DynamicTest> mutants(Pressluft pressluft) {
        var node = new FaultNode(pressluft);
        var steps = new FaultMatrix(pressluft, node, 0).steps();
        return Arrays.stream(FaultMutant.all())
                .map(mutant -> dynamicTest(mutant.toString(), () -> {
                    var row = middle(new FaultRows(steps), mutant.fault());
                    var matrix = new FaultMatrix(pressluft, node, 0);
                    node.mutate(mutant);
                    try {
                        assertThatThrownBy(() -> matrix.strike(row))
                                .as("%s: %s", mutant, row)
                                .isInstanceOf(AssertionError.class);
                    } finally {
                        node.mend(mutant);
                    }
                    matrix.strike(row);
                    assertThat(matrix.figures()).containsEntry("red", 1).containsEntry("faults", 2);
                }))
                .onClose(node::close);
    }

    private static FaultRow middle(FaultRows rows, String fault) {
        var of = rows.all().stream().filter(row -> row.fault().equals(fault)).toList();
        return of.get(of.size() / 2);
    }
}
