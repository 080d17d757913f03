package io.pressluft.controlplane.agent;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.node.NodeState;
import io.pressluft.controlplane.node.Nodes;
import io.pressluft.controlplane.trust.CertificateAuthority;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written down of the identities of nodes. */
@ControlPlaneTest
class IdentityAuditTest {

    private final RunningControlPlane app;
    private String node;

    IdentityAuditTest(RunningControlPlane app) {
        this.app = app;
    }

    @BeforeEach
    void makeNode() {
        node = app.rows().readyNode();
    }

    @Test
    void an_enrolment_is_the_nodes_own_doing() {
        ScriptedAgent.enrolled(app, node).close();
        assertThat(lines()).containsExactly(node + " agent_enrol succeeded");
    }

    @Test
    void a_renewal_leaves_one_line() {
        try (var agent = ScriptedAgent.enrolled(app, node)) {
            agent.renewed(app, CertificateAuthority.newKey()).close();
        }
        assertThat(lines()).containsExactly(node + " certificate_renew succeeded", node + " agent_enrol succeeded");
    }

    @Test
    void a_new_enrolment_says_that_it_has_revoked_what_was_before() {
        ScriptedAgent.enrolled(app, node).close();
        ScriptedAgent.enrolled(app, node).close();
        assertThat(lines())
                .containsExactly(
                        node + " agent_enrol succeeded",
                        node + " certificate_revoke succeeded",
                        node + " agent_enrol succeeded");
    }

    @Test
    void whoever_decommissions_a_node_has_revoked_its_certificates() {
        ScriptedAgent.enrolled(app, node).close();
        app.bean(Nodes.class).decommission(node, new Requester("boss", null));
        eventually("decommissioned", () -> app.bean(Nodes.class).get(node).state() == NodeState.DECOMMISSIONED);
        assertThat(lines()).contains("boss certificate_revoke succeeded");
    }

    private List<String> lines() {
        return app.bean(AuditLog.class).newest(10).stream()
                .filter(line -> line.target().equals(node))
                .map(line -> line.actor() + " " + line.action() + " " + line.outcome())
                .toList();
    }
}
