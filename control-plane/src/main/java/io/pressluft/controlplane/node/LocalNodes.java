package io.pressluft.controlplane.node;

import io.pressluft.controlplane.provider.ProviderException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Local nodes live and rest with the control plane: started again with it, stopped cleanly when it stops. */
@Component
class LocalNodes implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LocalNodes.class);

    private final NodeStore nodes;
    private final NodeAcquisition acquisition;
    private volatile boolean running;

    LocalNodes(NodeStore nodes, NodeAcquisition acquisition) {
        this.nodes = nodes;
        this.acquisition = acquisition;
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual()
                .name("resume-local-nodes")
                .start(() -> together(
                        "resumed", local(EnumSet.of(NodeState.READY, NodeState.UNREACHABLE)), acquisition::resume));
    }

    @Override
    public void stop() {
        running = false;
        together("suspended", local(EnumSet.allOf(NodeState.class)), acquisition::suspend);
    }

    private List<Node> local(Set<NodeState> states) {
        return nodes.all().stream()
                .filter(node -> node.source().equals("local"))
                .filter(node -> states.contains(node.state()))
                .toList();
    }

    private void together(String what, List<Node> some, Consumer<Node> act) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            some.forEach(node -> threads.execute(() -> {
                try {
                    act.accept(node);
                    log.info("node={} {}", node.id(), what);
                } catch (ProviderException e) {
                    log.error("node={} not {}: {} {}", node.id(), what, e.code(), e.getMessage());
                }
            }));
        }
    }

    @Scheduled(fixedDelay = 5_000, initialDelay = 30_000)
    void noticeSilence() {
        if (running) {
            nodes.markUnreachable().forEach(id -> log.warn("node={} from=ready to=unreachable trigger=silence", id));
        }
    }

    /** Before the gateway and the workers: they are started after the machines and stopped before them. */
    @Override
    public int getPhase() {
        return -100;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
