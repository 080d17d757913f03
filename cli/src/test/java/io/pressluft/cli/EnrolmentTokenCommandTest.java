package io.pressluft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way back for a node, on the command line. */
class EnrolmentTokenCommandTest {

    private static final String ID = "node_aaaaaaaaaaaa";
    private static final String REQUEST = "/api/nodes/" + ID + "/enrolment-token";
    private static final String FRESH =
            "{\"nodeId\":\"" + ID + "\",\"token\":\"0123abcd\",\"expiresAt\":\"2026-11-21T15:00:00Z\"}";

    private final FakeControlPlane server = start();

    private static FakeControlPlane start() {
        try {
            return new FakeControlPlane();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Terminal run(String source, String... arguments) {
        server.on("GET /api/nodes", 200, """
                {"nodes":[{"id":"%s","name":"far","source":"%s"}]}""".formatted(ID, source));
        return Terminal.run(
                Map.of("PRESSLUFT_URL", server.url(), "PRESSLUFT_TOKEN", "secret", "PRESSLUFT_DATA", "/var/lib/mine"),
                arguments);
    }

    @Test
    void the_token_is_printed_on_a_line_of_its_own_with_what_to_run_on_the_node() {
        server.on("POST " + REQUEST, 201, FRESH);
        var ran = run("remote", "node", "enrol-token", "far");
        assertThat(ran.exit()).isEqualTo(Exit.OK);
        assertThat(ran.out().lines())
                .contains(
                        "0123abcd",
                        "  install -m 600 /dev/stdin /etc/pressluft-agent/enrolment-token",
                        "  systemctl restart pressluft-agent");
        assertThat(ran.out()).contains("far (" + ID + "), good until 2026-11-21T15:00:00Z");
    }

    @Test
    void the_files_of_a_local_node_are_on_the_host() {
        server.on("POST " + REQUEST, 201, FRESH);
        assertThat(run("local", "node", "enrol-token", "far").out())
                .contains("install -m 600 /dev/stdin \"/var/lib/mine/machines/" + ID
                        + "/root/etc/pressluft-agent/enrolment-token\"")
                .doesNotContain("systemctl");
    }

    @Test
    void for_scripts_there_is_the_answer_alone() {
        server.on("POST " + REQUEST, 201, FRESH);
        var ran = run("remote", "node", "enrol-token", "far", "-o", "json");
        assertThat(Json.object(ran.out())).isEqualTo(Json.object(FRESH));
    }

    @Test
    void a_node_that_is_gone_is_a_refusal() {
        server.on("POST " + REQUEST, 409, """
                {"code":"node_gone","message":"Node %s has been decommissioned.","remediation":"Nothing is left."}""".formatted(ID));
        var ran = run("remote", "node", "enrol-token", "far");
        assertThat(ran.exit()).isEqualTo(Exit.REFUSED);
        assertThat(ran.err()).contains("node_gone");
        assertThat(ran.out()).isEmpty();
    }
}
