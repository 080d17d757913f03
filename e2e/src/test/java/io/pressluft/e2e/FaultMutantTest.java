package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The matrix is able to be red: each guard that is taken out of the product is missed by a row. A sample of the matrix is
 * tried with the mutant that is noticed soonest; the two others wait for a lease to run out and for an agent to be missed.
 */
@Order(31)
@ExtendWith(OneNode.class)
class FaultMutantTest {

    @TestFactory
    Stream<DynamicTest> mutants(Pressluft pressluft) {
        var node = new FaultNode(pressluft);
        var matrix = new FaultMatrix(pressluft, node, 0);
        var noticed = new AtomicInteger();
        var mutants = chosen();
        var tests = mutants.stream()
                .map(mutant -> dynamicTest(mutant.toString(), () -> {
                    var row = middle(matrix.rows(), mutant.fault());
                    node.mutate(mutant);
                    try {
                        assertThatThrownBy(() -> matrix.strike(row))
                                .as("%s: %s", mutant, row)
                                .isInstanceOf(AssertionError.class)
                                .hasMessageContaining(mutant.missed());
                    } finally {
                        node.mend(mutant);
                    }
                    matrix.strike(row);
                    noticed.incrementAndGet();
                }));
        var last = dynamicTest("every mutant was noticed", () -> {
            System.out.printf("mutants: %d, noticed: %d%n", mutants.size(), noticed.get());
            assertThat(noticed).hasValue(mutants.size());
        });
        return Stream.concat(tests, Stream.of(last)).onClose(node::close);
    }

    private static List<FaultMutant> chosen() {
        var all = List.of(FaultMutant.all());
        return FaultMatrixTest.sampled() ? all.subList(all.size() - 1, all.size()) : all;
    }

    private static FaultRow middle(FaultRows rows, String fault) {
        var of = rows.all().stream().filter(row -> row.fault().equals(fault)).toList();
        return of.get(of.size() / 2);
    }
}
