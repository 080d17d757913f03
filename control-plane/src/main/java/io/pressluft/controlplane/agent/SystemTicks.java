package io.pressluft.controlplane.agent;

import io.pressluft.protocol.time.Ticks;
import org.springframework.stereotype.Component;

/** Those of this Java. */
@Component
class SystemTicks implements Ticks {

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
