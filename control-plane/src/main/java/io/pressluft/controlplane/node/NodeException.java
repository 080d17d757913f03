package io.pressluft.controlplane.node;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.error.ErrorDetail;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.readiness.ReadinessCheck;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node that cannot be found, used, made or removed. */
public final class NodeException extends CodedException {

    /** Enough to find out what is wrong everywhere, few enough to read. */
    private static final int NODES_NAMED = 5;

    private NodeException(ErrorCode code, String message) {
        super(code, message);
    }

    private NodeException(
            ErrorCode code,
            String message,
            List<ErrorDetail> details,
            @Nullable String remediation,
            @Nullable Throwable cause) {
        super(code, message, details, remediation, cause);
    }

    static NodeException notFound(String id) {
        return new NodeException(ErrorCode.NODE_NOT_FOUND, "There is no node %s.".formatted(id));
    }

    static NodeException nameTaken(String name) {
        return new NodeException(ErrorCode.NODE_NAME_TAKEN, "There is a node named %s already.".formatted(name));
    }

    static NodeException serverTaken(NewNode wanted) {
        return new NodeException(
                ErrorCode.NODE_SERVER_TAKEN,
                "The server %s, port %s, is a node already."
                        .formatted(
                                wanted.options().get("host"), wanted.options().get("port")));
    }

    static NodeException gatewayUnreachable(String message, String remediation) {
        return new NodeException(ErrorCode.GATEWAY_UNREACHABLE, message, List.of(), remediation, null);
    }

    static NodeException agentOffline(Node node) {
        return new NodeException(
                ErrorCode.AGENT_OFFLINE,
                "The agent of node %s (%s) does not answer, so nothing can be taken off its machine."
                        .formatted(node.name(), node.id()));
    }

    static NodeException notReleased(Node node, Job release) {
        var failure = release.failure();
        return new NodeException(
                failure == null ? ErrorCode.PLAYBOOK_FAILED : ErrorCode.ofFailure(failure.code()),
                "The agent of node %s could not take everything off its machine (job %s): %s"
                        .formatted(
                                node.name(),
                                release.id(),
                                failure == null ? "no reason was given." : failure.message()),
                List.of(),
                failure == null ? null : failure.remediation(),
                null);
    }

    static NodeException gone(String id) {
        return new NodeException(ErrorCode.NODE_GONE, "Node %s has been decommissioned.".formatted(id));
    }

    static NodeException elsewhere(Node node, String wanted) {
        return new NodeException(
                ErrorCode.NODE_STATE_CONFLICT,
                "Node %s is %s, which is no state for %s."
                        .formatted(node.id(), node.state().text(), wanted));
    }

    static NodeException hasSites(Node node) {
        return new NodeException(
                ErrorCode.NODE_HAS_SITES,
                "Node %s carries %d environment(s).".formatted(node.id(), node.environments()));
    }

    static NodeException notReady(Node node, List<ReadinessCheck> failing) {
        return new NodeException(
                ErrorCode.NODE_NOT_READY,
                "Node %s (%s) is not ready: %s."
                        .formatted(
                                node.name(),
                                node.id(),
                                String.join(
                                        ", ",
                                        failing.stream()
                                                .map(ReadinessCheck::code)
                                                .toList())),
                details(failing),
                failing.isEmpty() ? null : failing.getFirst().remediation(),
                null);
    }

    /** @param failing of each node that would have been chosen, the best one first; the answer names a few of them */
    static NodeException noneReady(Map<Node, List<ReadinessCheck>> failing) {
        var details = failing.entrySet().stream()
                .limit(NODES_NAMED)
                .flatMap(node -> node.getValue().stream()
                        .map(check -> ErrorDetail.ofCheck(
                                check.code(),
                                "Node %s: %s %s".formatted(node.getKey().name(), check.seen(), check.remediation()))))
                .toList();
        return new NodeException(ErrorCode.NO_NODE_READY, "No node is ready for a site.", details, null, null);
    }

    static NodeException blocked(List<ReadinessCheck> failing) {
        var first = failing.getFirst();
        return new NodeException(
                ErrorCode.READINESS_BLOCKED,
                "The node was provisioned but is not ready: %s (%s).".formatted(first.code(), first.seen()),
                details(failing),
                first.remediation(),
                null);
    }

    static NodeException notEnrolled(String id) {
        return new NodeException(
                ErrorCode.AGENT_NOT_ENROLLED, "The agent of node %s did not connect in time.".formatted(id));
    }

    static NodeException agentArchiveMissing(java.nio.file.Path expected) {
        return new NodeException(
                ErrorCode.AGENT_ARCHIVE_MISSING, "The agent's archive %s is not there.".formatted(expected));
    }

    static NodeException of(ProviderException failure) {
        var code = ErrorCode.ofFailure(failure.code());
        return new NodeException(
                code == ErrorCode.PLAYBOOK_FAILED ? ErrorCode.ACQUISITION_FAILED : code,
                failure.getMessage() == null ? failure.code() : failure.getMessage(),
                List.of(),
                failure.remediation(),
                failure);
    }

    private static List<ErrorDetail> details(List<ReadinessCheck> failing) {
        return failing.stream()
                .map(check -> ErrorDetail.ofCheck(check.code(), check.seen() + " " + check.remediation()))
                .toList();
    }
}
