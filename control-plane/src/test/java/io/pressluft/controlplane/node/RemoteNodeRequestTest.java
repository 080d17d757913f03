package io.pressluft.controlplane.node;

import static io.pressluft.controlplane.harness.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.trust.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request for an existing server may say, and what becomes of its password. */
@ControlPlaneTest
class RemoteNodeRequestTest {

    private static final String PASSWORD = "p4ss {{ word }} 'x'";

    private final RunningControlPlane app;

    RemoteNodeRequestTest(RunningControlPlane app) {
        this.app = app;
    }

    private static String request(String more) {
        return "{\"source\": \"remote\", \"provider\": \"ssh\"%s}".formatted(more.isEmpty() ? "" : ", " + more);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host |",
                "host | \"host\": \"\"",
                "host | \"host\": \"web;id\"",
                "host | \"host\": \"127.0.0.1\"",
                "host | \"host\": \"2130706433\"",
                "host | \"host\": \"localhost\"",
                "host | \"host\": \"::ffff:127.0.0.1\"",
                "port | \"host\": \"web.invalid\", \"port\": 0",
                "port | \"host\": \"web.invalid\", \"port\": 65536",
                "user | \"host\": \"web.invalid\", \"user\": \"Root\"",
                "user | \"host\": \"web.invalid\", \"user\": \"-oProxyCommand=id\"",
                "hostKey | \"host\": \"web.invalid\", \"hostKey\": \"SHA256:short\"",
                "hostKey | \"host\": \"web.invalid\", \"hostKey\": \"ssh-ed25519 AAAA\"",
                "oneTimePassword | \"host\": \"web.invalid\", \"oneTimePassword\": \"\"",
                "oneTimePassword | \"host\": \"web.invalid\", \"oneTimePassword\": \"a\\u0000b\"",
            })
    void what_is_wrong_is_named(String field, String more) {
        var answer = app.api().post("/api/nodes", request(Objects.requireNonNullElse(more, "")));
        assertThat(answer.status() + " "
                        + answer.json().path("details").path(0).path("field").asString(""))
                .isEqualTo("400 " + field);
    }

    @Test
    void a_local_node_has_no_server() {
        var answer = app.api()
                .post("/api/nodes", "{\"source\": \"local\", \"provider\": \"scripted\", \"host\": \"web.invalid\"}");
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void a_valid_request_is_accepted_whatever_becomes_of_it() {
        var answer = app.api().post("/api/nodes", request("\"host\": \"does-not-exist.invalid\", \"port\": 2222"));
        assertThat(answer.status() + " " + answer.json().path("node").path("ssh"))
                .isEqualTo("202 {\"host\":\"does-not-exist.invalid\",\"port\":2222,\"user\":\"root\"}");
    }

    @Test
    void one_server_is_one_node() {
        app.api().post("/api/nodes", request("\"host\": \"does-not-exist.invalid\""));
        var second = app.api().post("/api/nodes", request("\"host\": \"Does-Not-Exist.invalid\", \"port\": 22"));
        assertThat(second.field("code")).isEqualTo("node_server_taken");
    }

    @Test
    void a_password_is_encrypted_until_it_is_used() {
        app.transaction().executeWithoutResult(status -> {
            status.setRollbackOnly();
            var wanted = new NewNode(
                    "far",
                    "remote",
                    "ssh",
                    "nginx",
                    2048,
                    2,
                    Map.of("host", "does-not-exist.invalid", "port", "22"),
                    new Secret(PASSWORD));
            var id = app.bean(Nodes.class)
                    .create(wanted, new Requester("tester", null))
                    .node()
                    .id();
            var kept = app.jdbc()
                    .sql("SELECT ciphertext FROM secret WHERE name = :name")
                    .param("name", "first-access/" + id)
                    .query(byte[].class)
                    .single();
            assertThat(new String(kept, StandardCharsets.ISO_8859_1)).doesNotContain(PASSWORD);
            assertThat(app.bean(FirstAccessSecrets.class).find(id)).contains(new Secret(PASSWORD));
        });
    }

    @Test
    void a_password_is_kept_for_a_repeat_that_follows_by_itself() {
        assertThat(passwordAfter(ErrorCode.ARTIFACT_UNAVAILABLE)).contains(new Secret(PASSWORD));
        assertThat(passwordAfter(ErrorCode.SSH_AUTH_FAILED)).isEmpty();
    }

    private Optional<Secret> passwordAfter(ErrorCode code) {
        return Objects.requireNonNull(app.transaction().execute(status -> {
            status.setRollbackOnly();
            var wanted = new NewNode(
                    "far",
                    "remote",
                    "ssh",
                    "nginx",
                    2048,
                    2,
                    Map.of("host", "does-not-exist.invalid", "port", "22"),
                    new Secret(PASSWORD));
            var job = app.bean(Nodes.class)
                    .create(wanted, new Requester("tester", null))
                    .job();
            app.bean(NodeProvision.class).fail(job, JobFailure.of(code, "It failed.", null), true);
            return app.bean(FirstAccessSecrets.class).find(job.requireNodeId());
        }));
    }

    @Test
    void a_password_does_not_outlive_the_job() {
        var answer = app.api()
                .post(
                        "/api/nodes",
                        request("\"host\": \"does-not-exist.invalid\", \"oneTimePassword\": \"" + PASSWORD + "\""));
        var id = answer.json().path("node").path("id").asString();
        assertThat(answer.text()).doesNotContain(PASSWORD);
        within(
                Duration.ofMinutes(2), // artifacts are prepared first
                "the job ends",
                () -> app.api().get("/api/nodes/" + id).field("state").equals("failed"));
        assertThat(app.bean(FirstAccessSecrets.class).find(id)).isEmpty();
    }

    @Test
    void the_key_to_authorise_is_shown_with_its_command() {
        var key = app.api().get("/api/managed-key");
        assertThat(key.field("command")).contains("'" + key.field("publicKey") + "' >> ~/.ssh/authorized_keys");
    }
}
