package io.pressluft.controlplane.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is no proper HTTP is refused in the one shape, or hung up on. */
@ControlPlaneTest
class HostileWireTest {

    private final RunningControlPlane app;
    private World world;

    HostileWireTest(RunningControlPlane app) {
        this.app = app;
    }

    @BeforeEach
    void fill() {
        world = new World(app);
    }

    @TestFactory
    Stream<DynamicTest> a_broken_request_is_refused() {
        var wire = world.wire();
        var last = new AtomicReference<>(world.snapshot());
        return new WireCases(world)
                .all().entrySet().stream()
                        .map(one -> DynamicTest.dynamicTest(Case.printable(one.getKey()), () -> {
                            var reply = wire.sendAndStop(Wire.bytes(one.getValue()));
                            var now = world.snapshot();
                            assertThat(now).as("%s got %s", one.getKey(), reply).isEqualTo(last.getAndSet(now));
                            if (reply.status() != 0) {
                                Refusal.check(one.getKey(), "", reply);
                            }
                        }));
    }

    /** The preview gateway passes on what belongs to a site; nothing here does. */
    @TestFactory
    Stream<DynamicTest> a_broken_request_for_a_site_is_refused() {
        var gateway = new Wire(app.instance().previewPort());
        return new WireCases(world)
                .all().entrySet().stream()
                        .map(one -> DynamicTest.dynamicTest(Case.printable(one.getKey()), () -> {
                            var reply = gateway.sendAndStop(Wire.bytes(one.getValue()));
                            Refusal.discreet(reply);
                            if (reply.status() != 0) {
                                assertThat(reply.status())
                                        .as("%s got %s", one.getKey(), reply)
                                        .isBetween(400, 499);
                            }
                        }));
    }
}
