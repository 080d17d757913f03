package io.pressluft.controlplane.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.harness.Api;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.trust.CertificateAuthority;
import io.pressluft.controlplane.trust.NodeCertificates;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The way back for a node that has been enrolled before. */
@ControlPlaneTest
class NewEnrolmentTest {

    private final RunningControlPlane app;
    private final Api api;
    private final KeyPair key = CertificateAuthority.newKey();
    private String node;

    NewEnrolmentTest(RunningControlPlane app) {
        this.app = app;
        this.api = app.api();
    }

    @BeforeEach
    void makeNode() {
        node = app.rows().readyNode();
    }

    @Test
    void a_token_is_answered_once_and_stored_nowhere_on_the_way() {
        var answer = ask(node);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.response().headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.field("nodeId")).isEqualTo(node);
        var expires = Instant.parse(answer.field("expiresAt"));
        var now = app.jdbc().sql("SELECT now()").query(java.sql.Timestamp.class).single();
        assertThat(Duration.between(now.toInstant(), expires)).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    }

    @Test
    void with_the_token_the_node_is_let_in_again() {
        try (var agent = ScriptedAgent.enrolled(app, node)) {
            app.bean(NodeCertificates.class).revokeAll(node, "me");
            try (var back = ScriptedAgent.enrolledWith(app, node, token(), key)) {
                back.connect();
            }
            agent.open();
            assertThat(agent.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void the_token_is_of_no_use_to_another_key_afterwards() {
        var token = token();
        ScriptedAgent.enrol(app, node, token, key);
        refused(() -> ScriptedAgent.enrol(app, node, token, CertificateAuthority.newKey()));
    }

    @Test
    void the_token_is_of_no_use_to_another_node() {
        var token = token();
        refused(() -> ScriptedAgent.enrol(app, app.rows().readyNode(), token, key));
    }

    @Test
    void until_it_is_spent_the_certificate_from_before_is_good() {
        try (var agent = ScriptedAgent.enrolled(app, node)) {
            token();
            agent.connect();
        }
    }

    @Test
    void the_new_enrolment_puts_the_certificate_from_before_out() {
        try (var agent = ScriptedAgent.enrolled(app, node)) {
            agent.connect();
            ScriptedAgent.enrol(app, node, token(), key);
            assertThat(agent.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            agent.open();
            assertThat(agent.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void a_revoked_certificate_renews_nothing_however_late_it_is_looked_at() {
        var serial = NodeCertificates.serial(
                ScriptedAgent.enrol(app, node, token(), key).getFirst());
        var certificates = app.bean(NodeCertificates.class);
        assertThat(certificates.renew(node, serial, ScriptedAgent.request(key))).isPresent();
        certificates.revokeAll(node, "me");
        assertThat(certificates.renew(node, serial, ScriptedAgent.request(key))).isEmpty();
    }

    @Test
    void nothing_else_of_the_node_changes() {
        var before = row();
        ScriptedAgent.enrol(app, node, token(), key);
        assertThat(row()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "decommissioned, 409, node_gone",
        "acquiring, 409, node_state_conflict",
        "provisioning, 409, node_state_conflict",
        "draining, 409, node_state_conflict"
    })
    void a_node_that_is_not_there_to_stay_gets_none(String state, int status, String code) {
        var answer = ask(app.rows().nodeInState(state));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.field("code")).isEqualTo(code);
        assertThat(app.rows().count("enrolment_token")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"unreachable", "failed"})
    void a_node_that_was_lost_gets_one(String state) {
        assertThat(ask(app.rows().nodeInState(state)).status()).isEqualTo(201);
    }

    @Test
    void a_node_that_nobody_knows_gets_none() {
        assertThat(ask("node_doesnotexist").field("code")).isEqualTo("node_not_found");
    }

    @Test
    void the_token_is_neither_in_the_log_nor_in_the_audit_log() {
        var lines = new ListAppender<ILoggingEvent>();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        lines.start();
        root.addAppender(lines);
        String token;
        try {
            token = token();
            ScriptedAgent.enrol(app, node, token, key);
            refused(() -> ScriptedAgent.enrol(app, node, token, CertificateAuthority.newKey()));
        } finally {
            root.detachAppender(lines);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("node=" + node + " enrolled")
                .noneMatch(line -> line.contains(token));
        assertThat(app.bean(AuditLog.class).newest(10))
                .extracting(AuditLog.Entry::action)
                .contains("enrolment_token_create", "agent_enrol");
        assertThat(app.bean(AuditLog.class).newest(10))
                .noneMatch(entry -> entry.toString().contains(token));
    }

    private Api.Answer ask(String id) {
        return api.post("/api/nodes/" + id + "/enrolment-token", "");
    }

    private String token() {
        return ask(node).field("token");
    }

    private String row() {
        return app.jdbc()
                .sql("SELECT n::text FROM node n WHERE id = :id")
                .param("id", node)
                .query(String.class)
                .single();
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
    }
}
