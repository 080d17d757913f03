package io.pressluft.controlplane;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModularityTests {

    @Test
    void modules_respect_their_boundaries() {
        ApplicationModules.of(ControlPlane.class).verify();
    }
}
