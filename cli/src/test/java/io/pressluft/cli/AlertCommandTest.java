package io.pressluft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts and settings on the command line. */
class AlertCommandTest {

    @TempDir
    Path directory = Path.of("");

    private final FakeControlPlane server = start();

    private static FakeControlPlane start() {
        try {
            return new FakeControlPlane();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Terminal run(String... arguments) {
        return Terminal.run(Map.of("PRESSLUFT_URL", server.url(), "PRESSLUFT_TOKEN", "secret"), arguments);
    }

    @Test
    void alerts_are_listed_with_what_was_not_delivered() {
        server.on("GET /api/alerts", 200, """
                {"alerts":[{"state":"open","openedAt":"2026-11-21T14:02:00Z","text":"Job x has been stalled.",
                  "deliveries":[{"channel":"email","state":"given_up","code":"alert_unreachable"},
                                {"channel":"webhook","state":"sent"}]}]}""");
        assertThat(run("alert", "list").out())
                .contains("open", "Job x has been stalled.", "email given_up: alert_unreachable")
                .doesNotContain("webhook");
    }

    @Test
    void a_test_that_failed_on_one_channel_is_a_failure() {
        server.on("POST /api/alerts/test", 200, """
                {"channels":[{"channel":"webhook","outcome":"delivered","message":"Taken."},
                             {"channel":"email","outcome":"failed","code":"alert_sign_in_failed","message":"Refused.",
                              "remediation":"Set the password."}]}""");
        var ran = run("alert", "test");
        assertThat(ran.exit()).isEqualTo(Exit.FAILED);
        assertThat(ran.out()).contains("webhook: delivered.", "alert_sign_in_failed", "Set the password.");
    }

    @Test
    void a_test_that_was_taken_on_the_only_channel_is_a_success() {
        server.on("POST /api/alerts/test", 200, """
                {"channels":[{"channel":"webhook","outcome":"delivered","message":"Taken."},
                             {"channel":"email","outcome":"unset","code":"alert_channel_unset","message":"Not set."}]}""");
        assertThat(run("alert", "test").exit()).isEqualTo(Exit.OK);
    }

    @Test
    void a_setting_is_changed() {
        server.on("PUT /api/settings/smtp-port", 200, "{\"key\":\"smtp-port\",\"value\":\"25\",\"set\":true}");
        assertThat(run("setting", "set", "smtp-port", "25").out()).contains("smtp-port: 25");
        assertThat(server.requests.getFirst().body()).contains("\"value\":\"25\"");
    }

    @Test
    void a_secret_comes_from_a_file_and_is_not_printed() throws IOException {
        var file = Files.writeString(directory.resolve("password"), "from-a-file\n");
        server.on(
                "PUT /api/settings/smtp-password",
                200,
                "{\"key\":\"smtp-password\",\"value\":\"\",\"set\":true,\"secret\":true}");
        var ran = run("setting", "set", "smtp-password", "--value-file", file.toString());
        assertThat(ran.out()).contains("(set)").doesNotContain("from-a-file");
        assertThat(server.requests.getFirst().body()).contains("\"value\":\"from-a-file\"");
    }

    @Test
    void of_an_address_that_is_secret_only_where_it_leads_is_printed() {
        server.on("GET /api/settings", 200, """
                {"settings":[{"key":"alert-webhook-url","value":"https://hooks.example.org","set":true,"secret":true,
                              "description":"Where alerts are posted."}]}""");
        assertThat(run("setting", "list").out()).contains("https://hooks.example.org (set)");
    }

    @Test
    void a_setting_without_a_value_is_a_mistake() {
        assertThat(run("setting", "set", "smtp-port").exit()).isEqualTo(Exit.USAGE);
        assertThat(server.requests).isEmpty();
    }
}
