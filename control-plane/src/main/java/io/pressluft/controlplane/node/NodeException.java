package io.pressluft.controlplane.node;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.error.ErrorDetail;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.readiness.ReadinessCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that cannot be found, used, made or removed. */
public final class NodeException extends CodedException {

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

    static NodeException gone(String id) {
        return new NodeException(ErrorCode.NODE_GONE, "Node %s has been decommissioned.".formatted(id));
    }

    static NodeException notSettled(Node node) {
        return new NodeException(
                ErrorCode.NODE_BUSY,
                "Node %s is %s.".formatted(node.id(), node.state().text()));
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

    static NodeException noneReady() {
        return new NodeException(ErrorCode.NO_NODE_READY, "No node is ready for a site.");
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
