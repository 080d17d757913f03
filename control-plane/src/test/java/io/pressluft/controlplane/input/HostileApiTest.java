package io.pressluft.controlplane.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every operation of the contract refuses what the contract does not allow, and nothing is changed by it. */
@ControlPlaneTest
class HostileApiTest {

    private final RunningControlPlane app;
    private final List<Operation> operations = Operation.all();
    private World world;

    HostileApiTest(RunningControlPlane app) {
        this.app = app;
    }

    @BeforeEach
    void fill() {
        world = new World(app);
    }

    @TestFactory
    Stream<DynamicTest> a_field_is_refused() {
        return refused(operation -> new BodyCases(world).fields(operation));
    }

    @TestFactory
    Stream<DynamicTest> a_body_is_refused() {
        return refused(operation -> operation.hasBody() ? new BodyCases(world).wholes(operation) : List.of());
    }

    @TestFactory
    Stream<DynamicTest> a_segment_of_the_path_is_refused() {
        return refused(operation -> new AddressCases(world).segments(operation));
    }

    @TestFactory
    Stream<DynamicTest> a_detour_is_refused() {
        return refused(operation -> new AddressCases(world).detours(operation));
    }

    @TestFactory
    Stream<DynamicTest> a_parameter_is_refused() {
        return refused(operation -> new AddressCases(world).queries(operation));
    }

    @TestFactory
    Stream<DynamicTest> a_method_is_refused() {
        return refused(operation -> new AddressCases(world).methods(operation, operations));
    }

    @TestFactory
    Stream<DynamicTest> an_idempotency_key_is_refused() {
        return refused(operation -> new HeaderCases(world).idempotencyKeys(operation));
    }

    @TestFactory
    Stream<DynamicTest> a_token_is_refused() {
        return refused(operation -> new HeaderCases(world).tokens(operation));
    }

    @TestFactory
    Stream<DynamicTest> a_cookie_is_refused() {
        return refused(operation -> new HeaderCases(world).cookies(operation));
    }

    @TestFactory
    Stream<DynamicTest> an_answer_of_another_type_is_refused() {
        return refused(operation -> new HeaderCases(world).accepts(operation));
    }

    private Stream<DynamicTest> refused(Function<Operation, List<Case>> cases) {
        var last = new AtomicReference<>(world.snapshot());
        var wire = world.wire();
        return operations.stream()
                .flatMap(operation -> cases.apply(operation).stream())
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> {
                    var reply = wire.send(one.request().bytes());
                    var now = world.snapshot();
                    assertThat(now).as("%s got %s", one.name(), reply).isEqualTo(last.getAndSet(now));
                    Refusal.check(one, reply);
                }));
    }
}
