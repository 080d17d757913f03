package io.pressluft.controlplane.alert;

import java.util.ArrayList;
import java.util.List;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Looks for incidents, and delivers messages: each channel by itself, so that none waits for another. */
@Component
class AlertLoops implements SmartLifecycle {

    private final Watch watch;
    private final Outbox outbox;
    private final AlertSettings settings;
    private final List<Loop> loops = new ArrayList<>();

    AlertLoops(Watch watch, Outbox outbox, AlertSettings settings) {
        this.watch = watch;
        this.outbox = outbox;
        this.settings = settings;
    }

    @Override
    public synchronized void start() {
        loops.add(new Loop("watch", settings.interval(), watch::look));
        for (var outlet : outbox.outlets()) {
            loops.add(new Loop(outlet.channel().text(), settings.interval(), () -> {
                boolean more = true;
                while (more) {
                    more = outbox.deliverOne(outlet);
                }
            }));
        }
    }

    @Override
    public synchronized void stop() {
        loops.forEach(Loop::stop);
        loops.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return !loops.isEmpty();
    }
}
