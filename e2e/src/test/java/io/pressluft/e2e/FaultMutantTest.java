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
 * The matrix is able to be red: each guard that is taken out of the product is missed by a row. With a sample of the matrix
 * the same row is not struck again with the guard in its place where it waits for a lease to run out or for an agent to be
 * missed; what it has to say is the mutant's own.
 */
@Order(31)
@ExtendWith(OneNode.class)
class FaultMutantTest {

    @TestFactory
    Stream<DynamicTest> mutants(Pressluft pressluft) {
        var node = new FaultNode(pressluft);
        var matrix = new FaultMatrix(pressluft, node, 0);
        var noticed = new AtomicInteger();
        var mutants = List.of(FaultMutant.all());
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
                    if (!mutant.slow() || !FaultMatrixTest.sampled()) {
                        matrix.strike(row);
                    }
                    noticed.incrementAndGet();
                }));
        var last = dynamicTest("every mutant was noticed", () -> {
            System.out.printf("mutants: %d, noticed: %d%n", mutants.size(), noticed.get());
            assertThat(noticed).hasValue(mutants.size());
        });
        return Stream.concat(tests, Stream.of(last)).onClose(node::close);
    }

    private static FaultRow middle(FaultRows rows, String fault) {
        var of = rows.all().stream().filter(row -> row.fault().equals(fault)).toList();
        return of.get(of.size() / 2);
    }
}
