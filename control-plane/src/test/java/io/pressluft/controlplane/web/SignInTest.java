package io.pressluft.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.audit.AuditLog;
import io.pressluft.controlplane.harness.Api;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Signing in with a password, and what a session may do. */
@ControlPlaneTest
class SignInTest {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final String TOKEN = "{\"name\": \"from-a-session\"}";

    private final RunningControlPlane app;
    private final Api stranger;

    SignInTest(RunningControlPlane app) {
        this.app = app;
        this.stranger = app.stranger();
    }

    @BeforeEach
    void makeUser() {
        app.jdbc()
                .sql("""
                        INSERT INTO app_user (id, name, email, password_hash)
                        VALUES ('user_signintester', 'tester', 'tester@example.org', :hash) ON CONFLICT DO NOTHING
                        """)
                .param("hash", app.bean(PasswordEncoder.class).encode("right"))
                .update();
    }

    @Test
    void a_page_leads_a_stranger_to_the_sign_in() {
        assertThat(location(stranger.get("/sites"))).endsWith("/login");
    }

    @Test
    void the_right_password_leads_to_the_sites() {
        assertThat(location(signIn("tester", "right"))).endsWith("/sites");
    }

    @Test
    void a_wrong_password_leads_back() {
        assertThat(location(signIn("tester", "wrong"))).endsWith("/login?wrong");
    }

    @Test
    void an_unknown_name_is_answered_like_a_wrong_password() {
        assertThat(location(signIn("nobody", "wrong"))).endsWith("/login?wrong");
    }

    @Test
    void after_ten_wrong_passwords_even_the_right_one_is_refused() {
        for (int i = 0; i < 10; i++) {
            signIn("tester", "wrong");
        }
        assertThat(location(signIn("tester", "right"))).endsWith("/login?limited");
    }

    @Test
    void after_nine_wrong_passwords_the_right_one_is_taken() {
        for (int i = 0; i < 9; i++) {
            signIn("tester", "wrong");
        }
        assertThat(location(signIn("tester", "right"))).endsWith("/sites");
    }

    @Test
    void wrong_passwords_from_an_address_count_for_every_name() {
        for (int i = 0; i < 10; i++) {
            signIn("nobody-" + i, "wrong");
        }
        assertThat(location(signIn("tester", "right"))).endsWith("/login?limited");
    }

    @Test
    void signing_in_without_the_forms_token_is_refused() {
        assertThat(location(stranger.post(
                        "/login",
                        "username=tester&password=right",
                        "Content-Type",
                        "application/x-www-form-urlencoded")))
                .endsWith("/login?expired");
    }

    @Test
    void the_session_changes_with_the_sign_in() {
        var form = form();
        assertThat(cookie(post(form, "tester", "right"))).isNotEqualTo(form.cookie());
    }

    @Test
    void the_cookie_cannot_be_read_by_scripts() {
        assertThat(setCookie(signIn("tester", "right"))).contains("HttpOnly").contains("SameSite=Lax");
    }

    @Test
    void a_session_may_read() {
        assertThat(stranger.get("/api/sites", "Cookie", session()).status()).isEqualTo(200);
    }

    @Test
    void a_session_may_not_write_without_the_csrf_header() {
        assertThat(stranger.post("/api/tokens", TOKEN, "Cookie", session()).field("code"))
                .isEqualTo("forbidden");
    }

    @Test
    void a_session_may_not_write_with_a_wrong_csrf_header() {
        assertThat(stranger.post("/api/tokens", TOKEN, "Cookie", session(), "X-CSRF-TOKEN", "wrong")
                        .field("code"))
                .isEqualTo("forbidden");
    }

    @Test
    void a_session_may_write_with_the_csrf_header() {
        var session = session();
        var csrf = csrf(stranger.get("/sites", "Cookie", session));
        assertThat(stranger.post("/api/tokens", TOKEN, "Cookie", session, "X-CSRF-TOKEN", csrf)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void a_wrong_password_is_written_down_with_the_name_of_the_account() {
        signIn("tester", "wrong");
        assertThat(lines()).containsExactly("tester sign_in failed 127.0.0.1");
    }

    @Test
    void a_name_that_no_account_has_is_not_written_down_as_it_may_be_a_password() {
        signIn("correct-horse", "wrong");
        assertThat(lines()).containsExactly("unknown sign_in failed 127.0.0.1");
    }

    @Test
    void a_lock_out_is_written_down_once_and_nothing_while_it_holds() {
        for (int i = 0; i < 13; i++) {
            signIn("tester", "wrong");
        }
        assertThat(lines())
                .hasSize(11)
                .startsWith("tester sign_in locked_out 127.0.0.1", "tester sign_in failed 127.0.0.1");
    }

    @Test
    void a_sign_out_is_written_down() {
        var session = session();
        var csrf = csrf(stranger.get("/sites", "Cookie", session));
        var out = stranger.post(
                "/logout",
                "_csrf=" + URLEncoder.encode(csrf, StandardCharsets.UTF_8),
                "Cookie",
                session,
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertThat(location(out)).endsWith("/login?out");
        assertThat(lines())
                .containsExactly("tester sign_out succeeded 127.0.0.1", "tester sign_in succeeded 127.0.0.1");
        assertThat(stranger.get("/api/sites", "Cookie", session).status()).isEqualTo(401);
    }

    private List<String> lines() {
        return app.bean(AuditLog.class).newest(20).stream()
                .map(line -> "%s %s %s %s".formatted(line.actor(), line.action(), line.outcome(), line.detail()))
                .toList();
    }

    /** What a browser has after it opened the sign-in page. */
    private record Form(String cookie, String csrf) {}

    private Form form() {
        var page = stranger.get("/login");
        return new Form(cookie(page), csrf(page));
    }

    private Api.Answer signIn(String name, String password) {
        return post(form(), name, password);
    }

    private Api.Answer post(Form form, String name, String password) {
        var body = "username=" + name + "&password=" + password + "&_csrf="
                + URLEncoder.encode(form.csrf(), StandardCharsets.UTF_8);
        return stranger.post(
                "/login", body, "Cookie", form.cookie(), "Content-Type", "application/x-www-form-urlencoded");
    }

    private String session() {
        return cookie(signIn("tester", "right"));
    }

    private static String csrf(Api.Answer page) {
        var found = CSRF.matcher(page.text());
        assertThat(found.find()).as("a form with a CSRF token").isTrue();
        return found.group(1);
    }

    private static String setCookie(Api.Answer answer) {
        return answer.response().headers().firstValue("Set-Cookie").orElse("");
    }

    private static String cookie(Api.Answer answer) {
        var cookie = setCookie(answer);
        return cookie.contains(";") ? cookie.substring(0, cookie.indexOf(';')) : cookie;
    }

    private static String location(Api.Answer answer) {
        return answer.response().headers().firstValue("Location").orElse("none, status " + answer.status());
    }
}
