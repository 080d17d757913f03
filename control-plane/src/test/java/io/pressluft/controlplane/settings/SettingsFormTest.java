package io.pressluft.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.Api;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import org.junit.jupiter.api.Test;

/** The settings in the dashboard: those of a group are saved together. */
@ControlPlaneTest
class SettingsFormTest {

    private static final String MAIL = "smtp-host=mail.example.org&smtp-port=2525&smtp-security=tls&smtp-user=ops"
            + "&smtp-from=pressluft%40example.org&alert-email-to=ops%40example.org";

    private final Settings settings;
    private final Api api;

    SettingsFormTest(RunningControlPlane app) {
        this.settings = app.bean(Settings.class);
        this.api = app.api();
    }

    private Api.Answer save(String fields) {
        return api.post("/settings/groups/alerts", fields, "Content-Type", "application/x-www-form-urlencoded");
    }

    private String value(SettingKey key) {
        return settings.find(key).orElse("");
    }

    @Test
    void all_that_was_entered_is_kept() {
        save(MAIL + "&smtp-password=+a+pass+word+");
        assertThat(value(SettingKey.SMTP_HOST)).isEqualTo("mail.example.org");
        assertThat(value(SettingKey.SMTP_PORT)).isEqualTo("2525");
        assertThat(value(SettingKey.SMTP_SECURITY)).isEqualTo("tls");
        assertThat(value(SettingKey.SMTP_USER)).isEqualTo("ops");
        assertThat(value(SettingKey.SMTP_FROM)).isEqualTo("pressluft@example.org");
        assertThat(value(SettingKey.ALERT_EMAIL_TO)).isEqualTo("ops@example.org");
        assertThat(value(SettingKey.SMTP_PASSWORD)).isEqualTo(" a pass word ");
    }

    @Test
    void when_one_does_not_fit_none_is_kept_and_all_come_back() {
        var answer = save(MAIL.replace("2525", "0") + "&smtp-password=never-shown");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .contains("value=\"mail.example.org\"", "Does not fit the setting smtp-port.")
                .doesNotContain("never-shown");
        assertThat(settings.find(SettingKey.SMTP_HOST)).isEmpty();
        assertThat(settings.find(SettingKey.SMTP_PASSWORD)).isEmpty();
    }

    @Test
    void a_secret_that_is_left_empty_stays() {
        save("smtp-password=secret&smtp-host=mail.example.org");
        save("smtp-password=&smtp-host=other.example.org");
        assertThat(value(SettingKey.SMTP_PASSWORD)).isEqualTo("secret");
        assertThat(value(SettingKey.SMTP_HOST)).isEqualTo("other.example.org");
    }

    @Test
    void a_secret_is_removed_when_that_is_said() {
        save("smtp-password=secret");
        assertThat(api.get("/settings").text()).contains("name=\"remove-smtp-password\"");
        save("smtp-password=&remove-smtp-password=yes");
        assertThat(settings.find(SettingKey.SMTP_PASSWORD)).isEmpty();
        assertThat(api.get("/settings").text()).doesNotContain("name=\"remove-smtp-password\"");
    }

    @Test
    void what_is_emptied_is_taken_back() {
        save(MAIL);
        save("smtp-host=");
        assertThat(settings.find(SettingKey.SMTP_HOST)).isEmpty();
    }

    @Test
    void the_audit_log_has_what_changed_and_nothing_else() {
        save(MAIL);
        save(MAIL.replace("2525", "465"));
        var newest = api.get("/api/audit").json().path("entries");
        assertThat(newest.get(0).path("target").asString()).isEqualTo("smtp-port");
        assertThat(newest.get(1).path("detail").asString()).isNotEqualTo("465");
        assertThat(newest).hasSize(7);
    }

    @Test
    void the_page_says_that_they_were_saved() {
        var answer = save(MAIL);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.response().headers().firstValue("Location"))
                .contains("/settings?saved=alerts#settings-alerts");
        assertThat(api.get("/settings?saved=alerts").text()).containsOnlyOnce("The settings were saved.");
        assertThat(api.get("/settings").text()).doesNotContain("The settings were saved.");
    }

    @Test
    void what_there_is_to_choose_is_offered() {
        save("smtp-security=none");
        assertThat(api.get("/settings").text())
                .contains("<option value=\"none\" selected>none</option>")
                .contains("<option value=\"starttls\">starttls</option>");
    }

    @Test
    void settings_of_another_group_are_not_touched() {
        save("preview-domain=example.org&smtp-port=25");
        assertThat(settings.find(SettingKey.PREVIEW_DOMAIN)).isEmpty();
    }
}
