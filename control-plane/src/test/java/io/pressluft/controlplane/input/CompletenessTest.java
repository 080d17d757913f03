package io.pressluft.controlplane.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The contract cannot grow beyond the hostile requests. */
@ControlPlaneTest
class CompletenessTest {

    private static final int FEWEST = 500;

    private final RunningControlPlane app;
    private final List<Operation> operations = Operation.all();
    private World world;

    CompletenessTest(RunningControlPlane app) {
        this.app = app;
    }

    @BeforeEach
    void fill() {
        world = new World(app);
    }

    @TestFactory
    Stream<DynamicTest> everything_that_a_caller_fills_in_is_attacked() {
        return operations.stream()
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> {
                    var names = cases(operation).stream().map(Case::name).toList();
                    assertThat(names).as("cases for this operation").isNotEmpty();
                    Stream.concat(
                                    operation.fields().keySet().stream(),
                                    operation.inputs().stream()
                                            .map(Operation.Input::name)
                                            .filter(name -> !name.equals("Last-Event-ID"))) // a wrong one is ignored
                            .forEach(name -> assertThat(names)
                                    .as("cases for %s", name)
                                    .anyMatch(one -> one.contains(name + " is ")));
                }));
    }

    @Test
    void no_two_cases_are_the_same() {
        assertThat(operations.stream()
                        .flatMap(operation -> cases(operation).stream())
                        .map(Case::name))
                .doesNotHaveDuplicates();
    }

    @Test
    void there_are_as_many_as_were_promised() {
        assertThat(operations.stream()
                        .mapToInt(operation -> cases(operation).size())
                        .sum())
                .isGreaterThan(FEWEST);
    }

    private List<Case> cases(Operation operation) {
        var all = new ArrayList<Case>();
        var addresses = new AddressCases(world);
        var headers = new HeaderCases(world);
        all.addAll(new BodyCases(world).fields(operation));
        all.addAll(addresses.segments(operation));
        all.addAll(addresses.queries(operation));
        all.addAll(addresses.methods(operation, operations));
        all.addAll(headers.idempotencyKeys(operation));
        all.addAll(headers.tokens(operation));
        return all;
    }
}
