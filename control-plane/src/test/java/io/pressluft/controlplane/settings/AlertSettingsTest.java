package io.pressluft.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.Api;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The settings of alerts: what they may be, and that secrets stay secret. */
@ControlPlaneTest
class AlertSettingsTest {

    private static final String SECRET = "correct-horse-battery-staple";

    private final RunningControlPlane app;
    private final Api api;

    AlertSettingsTest(RunningControlPlane app) {
        this.app = app;
        this.api = app.api();
    }

    private Api.Answer put(String key, String value) {
        return api.put(
                "/api/settings/" + key,
                JsonMapper.shared().createObjectNode().put("value", value).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"alert-webhook-secret", "smtp-password"})
    void a_secret_is_answered_by_nothing(String key) {
        assertThat(put(key, SECRET).text()).contains("\"set\":true").doesNotContain(SECRET);
        for (var path : List.of("/api/settings", "/api/audit", "/settings", "/activity")) {
            assertThat(api.get(path).text()).as(path).doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"alert-webhook-secret", "smtp-password"})
    void a_secret_is_in_no_table_as_it_is(String key) {
        put(key, SECRET);
        assertThat(app.jdbc().sql("""
                        SELECT count(*) FROM (SELECT s::text AS line FROM setting s UNION ALL SELECT a::text FROM audit_entry a
                                              UNION ALL SELECT encode(c.ciphertext, 'escape') FROM secret c) l
                        WHERE line LIKE '%' || :secret || '%'
                        """).param("secret", SECRET).query(Long.class).single())
                .isZero();
        assertThat(app.bean(Settings.class).find(SettingKey.of(key).orElseThrow()))
                .contains(SECRET);
    }

    @Test
    void a_secret_is_taken_back_by_nothing() {
        put("smtp-password", SECRET);
        assertThat(put("smtp-password", "").text()).contains("\"set\":false");
        assertThat(app.bean(Settings.class).find(SettingKey.SMTP_PASSWORD)).isEmpty();
    }

    /** The receivers that understand a text have their token in the path. */
    @Test
    void of_an_address_only_where_it_leads_is_shown() {
        var token = "T0123/B4567/aVerySecretToken";
        assertThat(put("alert-webhook-url", "https://hooks.example.org:8443/services/" + token + "?key=" + SECRET)
                        .json()
                        .path("value")
                        .asString())
                .isEqualTo("https://hooks.example.org:8443");
        for (var path : List.of("/api/settings", "/api/audit", "/settings", "/activity")) {
            assertThat(api.get(path).text()).as(path).doesNotContain(token, SECRET, "/services");
        }
        assertThat(api.get("/settings").text()).contains("https://hooks.example.org:8443");
    }

    @Test
    void the_audit_log_does_not_say_which_address_was_set() {
        put("alert-webhook-url", "https://hooks.example.org/services/T0123");
        put("alert-webhook-url", "");
        assertThat(api.get("/api/audit").json().path("entries").findValuesAsString("detail"))
                .containsExactly("removed", "set");
    }

    @Test
    void an_address_is_in_no_table_as_it_is() {
        put("alert-webhook-url", "https://hooks.example.org/" + SECRET);
        assertThat(app.jdbc().sql("""
                        SELECT count(*) FROM (SELECT s::text AS line FROM setting s UNION ALL SELECT a::text FROM audit_entry a
                                              UNION ALL SELECT encode(c.ciphertext, 'escape') FROM secret c) l
                        WHERE line LIKE '%' || :secret || '%'
                        """).param("secret", SECRET).query(Long.class).single())
                .isZero();
        assertThat(app.bean(Settings.class).find(SettingKey.ALERT_WEBHOOK_URL))
                .contains("https://hooks.example.org/" + SECRET);
    }

    @Test
    void a_secret_that_does_not_fit_is_not_repeated() {
        assertThat(put("alert-webhook-secret", "too-short").text())
                .contains("request_invalid")
                .doesNotContain("too-short");
    }

    @Test
    void the_audit_log_says_that_a_secret_was_set_and_no_more() {
        put("smtp-password", SECRET);
        var entry = api.get("/api/audit").json().at("/entries/0");
        assertThat(entry.path("target").asString()).isEqualTo("smtp-password");
        assertThat(entry.path("detail").asString()).isEqualTo("set");
    }

    @ParameterizedTest
    @CsvSource({
        "alert-webhook-url,https://hooks.example.org/a/b?c=d",
        "alert-webhook-url,http://127.0.0.1:8080/",
        "dashboard-address,https://control.example.org:8443/pressluft",
        "alert-webhook-url,https://[2001:db8::1]/hook",
        "alert-webhook-secret,0123456789abcdef",
        "alert-email-to,ops@example.org",
        "alert-email-to,'ops@example.org, boss+alerts@sub.example.org'",
        "smtp-host,mail.example.org",
        "smtp-host,[2001:db8::1]",
        "smtp-port,65535",
        "smtp-security,starttls",
        "smtp-user,ops@example.org",
        "smtp-password,p ss wörd",
        "smtp-from,pressluft@example.org"
    })
    void what_fits_is_taken(String key, String value) {
        assertThat(put(key, value).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "alert-webhook-url,ftp://example.org/",
        "alert-webhook-url,file:///etc/passwd",
        "dashboard-address,control.example.org",
        "dashboard-address,https://control.example.org/?a=b",
        "dashboard-address,javascript:alert(1)",
        "alert-webhook-url,https://user:password@example.org/",
        "alert-webhook-url,https:///hook",
        "alert-webhook-url,https://example.org/#part",
        "alert-webhook-url,https://example.org:0/",
        "alert-webhook-url,https://example.org:99999/",
        "alert-webhook-url,https://a_b/",
        "alert-webhook-url,'https://example.org/ HTTP/1.1'",
        "alert-webhook-url,javascript:alert(1)",
        "alert-webhook-secret,short",
        "alert-email-to,ops",
        "alert-email-to,'Ops <ops@example.org>'",
        "alert-email-to,'ops@example.org;boss@example.org'",
        "alert-email-to,'ops@example.org,'",
        "smtp-host,http://mail.example.org",
        "smtp-host,mail.example.org:25",
        "smtp-host,-mail",
        "smtp-port,0",
        "smtp-port,65536",
        "smtp-port,x",
        "smtp-security,ssl",
        "smtp-from,'a@example.org, b@example.org'"
    })
    void what_does_not_fit_is_refused(String key, String value) {
        assertThat(put(key, value).field("code")).isEqualTo("request_invalid");
    }

    /** A header of a mail or of a request ends with a line. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alert-webhook-url",
                "alert-webhook-secret",
                "alert-email-to",
                "smtp-host",
                "smtp-port",
                "smtp-security",
                "smtp-user",
                "smtp-password",
                "smtp-from"
            })
    void no_setting_has_an_end_of_a_line(String key) {
        for (var end : List.of("\r\n", "\n", "\r", "\u0085", "\u0000")) {
            for (var value : List.of("0123456789abcdef", "ops@example.org", "https://example.org/", "25", "tls")) {
                assertThat(put(key, value + end + "Bcc: x@example.org").status())
                        .isEqualTo(400);
                assertThat(put(key, value + end).status()).isEqualTo(400);
            }
        }
    }
}
