package io.pressluft.controlplane.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.node.NodeState;
import io.pressluft.controlplane.node.Nodes;
import io.pressluft.controlplane.trust.CertificateAuthority;
import io.pressluft.controlplane.trust.EnrolmentTokens;
import io.pressluft.controlplane.trust.NodeCertificates;
import io.pressluft.controlplane.trust.NodeIdentity;
import io.pressluft.protocol.v1.EnrolRequest;
import io.pressluft.protocol.v1.EnrolmentGrpc;
import java.security.KeyPair;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a certificate, and who gets in with one. */
@ControlPlaneTest
class EnrolmentTest {

    private final RunningControlPlane app;
    private final KeyPair key = CertificateAuthority.newKey();
    private String node;
    private String token;

    EnrolmentTest(RunningControlPlane app) {
        this.app = app;
    }

    @BeforeEach
    void makeNode() {
        node = app.rows().readyNode();
        token = app.bean(EnrolmentTokens.class).create(node).reveal();
    }

    @Test
    void a_certificate_names_the_node_and_nothing_the_request_says() {
        assertThat(NodeIdentity.of(enrol(key).getFirst())).contains(node);
    }

    @Test
    void a_spent_token_is_refused_to_another_key() {
        enrol(key);
        refused(Status.Code.PERMISSION_DENIED, () -> enrol(CertificateAuthority.newKey()));
    }

    @Test
    void the_key_that_spent_a_token_may_try_again() {
        enrol(key);
        assertThat(enrol(key)).isNotEmpty();
    }

    @Test
    void an_expired_token_is_refused() {
        app.jdbc()
                .sql("UPDATE enrolment_token SET expires_at = now() - interval '1 second'")
                .update();
        refused(Status.Code.PERMISSION_DENIED, () -> enrol(key));
    }

    @Test
    void an_expired_token_is_refused_to_the_key_that_spent_it() {
        enrol(key);
        app.jdbc()
                .sql("UPDATE enrolment_token SET expires_at = now() - interval '1 second'")
                .update();
        refused(Status.Code.PERMISSION_DENIED, () -> enrol(key));
    }

    @Test
    void a_token_of_another_node_is_refused() {
        var other = app.rows().readyNode();
        refused(Status.Code.PERMISSION_DENIED, () -> ScriptedAgent.enrol(app, other, token, key));
    }

    @Test
    void a_newer_token_voids_the_one_before() {
        app.bean(EnrolmentTokens.class).create(node);
        refused(Status.Code.PERMISSION_DENIED, () -> enrol(key));
    }

    @Test
    void of_two_keys_racing_for_one_token_one_gets_in() throws Exception {
        for (int round = 0; round < 10; round++) {
            var fresh = app.bean(EnrolmentTokens.class).create(node).reveal();
            var winners = new java.util.concurrent.atomic.AtomicInteger();
            try (var pool = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 2; i++) {
                    pool.execute(() -> {
                        if (app.bean(EnrolmentTokens.class)
                                .spend(
                                        node,
                                        fresh,
                                        CertificateAuthority.newKey()
                                                .getPublic()
                                                .getEncoded())) {
                            winners.incrementAndGet();
                        }
                    });
                }
            }
            assertThat(winners).hasValue(1);
        }
    }

    @Test
    void a_request_that_is_no_request_is_refused() {
        try (var agent = ScriptedAgent.without(app)) {
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    () -> EnrolmentGrpc.newBlockingStub(agent.channel())
                            .enrol(EnrolRequest.newBuilder()
                                    .setNodeId(node)
                                    .setToken(token)
                                    .setCertificateRequestDer(com.google.protobuf.ByteString.copyFromUtf8("nonsense"))
                                    .build()));
        }
    }

    @Test
    void a_caller_without_certificate_is_not_let_in() {
        try (var agent = ScriptedAgent.without(app)) {
            agent.open();
            assertThat(agent.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void a_revoked_certificate_is_not_let_in() {
        try (var agent = ScriptedAgent.enrolled(app, node)) {
            app.bean(NodeCertificates.class).revokeAll(node, "me");
            agent.open();
            assertThat(agent.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void a_certificate_that_was_never_recorded_is_not_let_in() {
        try (var agent = ScriptedAgent.enrolled(app, node)) {
            app.jdbc().sql("DELETE FROM agent_certificate").update();
            agent.open();
            assertThat(agent.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void a_renewed_certificate_and_the_old_one_are_both_accepted() {
        try (var agent = ScriptedAgent.enrolled(app, node)) {
            var renewed = CertificateAuthority.newKey();
            try (var successor = agent.renewed(app, renewed)) {
                successor.connect();
                agent.connect();
            }
        }
    }

    @Test
    void decommissioning_closes_the_open_stream() {
        try (var agent = ScriptedAgent.enrolled(app, node)) {
            agent.connect();
            app.bean(Nodes.class).decommission(node, new Requester("me", null));
            assertThat(agent.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void a_decommissioned_node_does_not_come_back() {
        try (var agent = ScriptedAgent.enrolled(app, node)) {
            app.bean(Nodes.class).decommission(node, new Requester("me", null));
            io.pressluft.controlplane.harness.Eventually.eventually(
                    "decommissioned", () -> app.bean(Nodes.class).get(node).state() == NodeState.DECOMMISSIONED);
            agent.open();
            assertThat(agent.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void a_newer_stream_of_the_node_replaces_the_older() {
        try (var older = ScriptedAgent.enrolled(app, node);
                var newer = older.renewed(app, CertificateAuthority.newKey())) {
            older.connect();
            newer.connect();
            assertThat(older.status().getCode()).isEqualTo(Status.Code.ABORTED);
        }
    }

    private java.util.List<java.security.cert.X509Certificate> enrol(KeyPair with) {
        return ScriptedAgent.enrol(app, node, token, with);
    }

    private static void refused(Status.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(code));
    }
}
