package io.pressluft.controlplane.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ScriptedMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What asking a machine over SSH leads to. */
class ProbeTest {

    private final ScriptedMachine machine = new ScriptedMachine();
    private final int port = machine.port();
    private final Probe probe = new Probe(JsonMapper.shared());

    @TempDir
    Path directory;

    @BeforeEach
    void key() throws IOException, NoSuchAlgorithmException {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var body = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
        Files.writeString(
                directory.resolve("key"), "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
    }

    @AfterEach
    void stop() {
        machine.close();
    }

    @Test
    void the_report_of_the_machine_is_the_answer() {
        machine.answers("{\"privileged\": true}");
        assertThat(ask(machine.hostKey()))
                .isInstanceOfSatisfying(
                        ProbeAnswer.Seen.class,
                        seen -> assertThat(seen.report().path("privileged").asBoolean())
                                .isTrue());
    }

    @Test
    void words_that_are_no_report_mean_that_the_probe_did_not_run() {
        machine.answers("sudo: a password is required");
        assertThat(why(machine.hostKey())).isEqualTo(ReadinessCode.SUDO_UNAVAILABLE);
    }

    @Test
    void another_host_key_than_the_pinned_one_is_refused() {
        try (var other = new ScriptedMachine()) {
            assertThat(why(other.hostKey())).isEqualTo(ReadinessCode.HOST_KEY_CHANGED);
        }
    }

    @Test
    void nothing_is_run_on_a_machine_with_another_host_key() {
        try (var other = new ScriptedMachine()) {
            ask(other.hostKey());
        }
        assertThat(machine.asked()).isZero();
    }

    @Test
    void a_machine_that_does_not_know_the_key_refuses() {
        machine.refusesKeys();
        assertThat(why(machine.hostKey())).isEqualTo(ReadinessCode.SSH_AUTH_FAILED);
    }

    @Test
    void a_closed_port_is_unreachable() {
        var hostKey = machine.hostKey();
        machine.close();
        assertThat(why(hostKey)).isEqualTo(ReadinessCode.SSH_UNREACHABLE);
    }

    private ReadinessCode why(String hostKey) {
        return ((ProbeAnswer.Unseen) ask(hostKey)).why();
    }

    private ProbeAnswer ask(String hostKey) {
        return probe.run(new ProbeTarget("127.0.0.1", port, "root", directory.resolve("key"), hostKey));
    }
}
