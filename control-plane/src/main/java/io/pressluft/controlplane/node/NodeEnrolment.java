package io.pressluft.controlplane.node;

import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.trust.EnrolmentTokens;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The way back for a node whose agent the gateway does not take any more, such as after its certificate has expired. */
@Service
class NodeEnrolment {

    private final Nodes nodes;
    private final EnrolmentTokens tokens;
    private final AuditLog audit;

    NodeEnrolment(Nodes nodes, EnrolmentTokens tokens, AuditLog audit) {
        this.nodes = nodes;
        this.tokens = tokens;
        this.audit = audit;
    }

    /**
     * A one-time token with which the node's agent enrols once more; one made before and not spent is void. The
     * certificates that the node has stay good until it is spent.
     *
     * @throws NodeException when there is no such node, it is decommissioned, or a job is making or removing it
     */
    @Transactional
    EnrolmentTokens.Fresh token(String id, String by) {
        var node = nodes.get(id);
        return switch (node.state()) {
            case DECOMMISSIONED -> throw NodeException.gone(id);
            case ACQUIRING, PROVISIONING, DRAINING -> throw NodeException.elsewhere(node, "a new enrolment");
            case READY, UNREACHABLE, FAILED -> fresh(id, by);
        };
    }

    private EnrolmentTokens.Fresh fresh(String id, String by) {
        var fresh = tokens.create(id);
        audit.add(by, "enrolment_token_create", id, "succeeded", null, "until " + fresh.expiresAt());
        return fresh;
    }
}
