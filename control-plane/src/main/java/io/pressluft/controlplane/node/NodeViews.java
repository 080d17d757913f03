package io.pressluft.controlplane.node;

import io.pressluft.controlplane.readiness.ReadinessCode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.stereotype.Component;

/** Nodes with their newest checks; stale ones are looked at again, all at once. */
@Component
public class NodeViews {

    private final Nodes nodes;
    private final NodeReadiness readiness;

    NodeViews(Nodes nodes, NodeReadiness readiness) {
        this.nodes = nodes;
        this.readiness = readiness;
    }

    public NodeView of(Node node) {
        return NodeView.of(node, readiness.observe(node, false));
    }

    /** With the newest checks there are: no machine is looked at unless nothing is known of it, so this answers at once. */
    public NodeView known(Node node) {
        return switch (node.state()) {
            case READY, UNREACHABLE ->
                readiness
                        .newest(node.id())
                        .filter(seen -> seen.checks().stream()
                                .noneMatch(check -> check.code().equals(ReadinessCode.ACQUISITION_IN_PROGRESS.text())))
                        .map(seen -> NodeView.of(node, seen))
                        .orElseGet(() -> of(node));
            case ACQUIRING, PROVISIONING, DRAINING, DECOMMISSIONED, FAILED -> of(node);
        };
    }

    public List<NodeView> known() {
        return nodes.list().stream().map(this::known).toList();
    }

    public List<NodeView> all() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<NodeView>> looks = nodes.list().stream()
                    .map(node -> (Callable<NodeView>) () -> of(node))
                    .toList();
            return threads.invokeAll(looks).stream().map(NodeViews::result).toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static NodeView result(Future<NodeView> look) {
        try {
            return look.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
