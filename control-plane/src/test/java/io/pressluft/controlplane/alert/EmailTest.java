package io.pressluft.controlplane.alert;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.PickyMailServer;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.settings.SettingKey;
import io.pressluft.controlplane.settings.Settings;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages by e-mail, over real mail servers. */
@ControlPlaneTest
class EmailTest {

    private static final String LOOPBACK = "127.0.0.1";

    private final RunningControlPlane app;
    private final SampleTrouble trouble;
    private final GreenMail plain = new GreenMail(new ServerSetup(0, LOOPBACK, ServerSetup.PROTOCOL_SMTP));
    private final GreenMail encrypted = new GreenMail(new ServerSetup(0, LOOPBACK, ServerSetup.PROTOCOL_SMTPS));

    EmailTest(RunningControlPlane app) {
        this.app = app;
        this.trouble = new SampleTrouble(app);
    }

    @BeforeEach
    void set() {
        plain.start();
        encrypted.start();
        trouble.heardFor(Duration.ofMinutes(5));
        set(SettingKey.SMTP_HOST, LOOPBACK);
        set(SettingKey.SMTP_PORT, Integer.toString(plain.getSmtp().getPort()));
        set(SettingKey.SMTP_SECURITY, "none");
        set(SettingKey.SMTP_FROM, "pressluft@example.org");
        set(SettingKey.ALERT_EMAIL_TO, "ops@example.org, boss@example.org");
    }

    @AfterEach
    void stop() {
        plain.stop();
        encrypted.stop();
    }

    private void set(SettingKey key, String value) {
        app.bean(Settings.class).put(key, value, "me");
    }

    @Test
    void one_mail_tells_of_many() throws Exception {
        trouble.silentNode();
        trouble.silentNode();
        trouble.settle();
        awaitSent("opened:email:sent");
        var mail = plain.getReceivedMessages()[0];
        assertThat(mail.getSubject()).isEqualTo("Pressluft on " + host() + ": 2 agents are silent");
        assertThat(text(mail)).contains("The agents of 2 nodes have been silent since 2026-11-01 14:02 UTC: node-");
        assertThat(mail.getFrom()).extracting(Object::toString).containsExactly("pressluft@example.org");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    }

    private static String host() throws UnknownHostException {
        return InetAddress.getLocalHost().getHostName();
    }

    @Test
    void a_mail_says_what_to_do_and_where() throws Exception {
        set(SettingKey.DASHBOARD_ADDRESS, "https://control.example.org/");
        trouble.silentNode();
        trouble.settle();
        awaitSent("opened:email:sent");
        assertThat(text(plain.getReceivedMessages()[0]))
                .contains(
                        "Check that the machines are up",
                        "https://control.example.org/nodes",
                        "Pressluft on " + host());
    }

    @Test
    void without_an_address_of_the_dashboard_there_is_no_link() throws Exception {
        trouble.silentNode();
        trouble.settle();
        awaitSent("opened:email:sent");
        assertThat(text(plain.getReceivedMessages()[0])).doesNotContain("http");
    }

    @Test
    void every_recipient_gets_one() throws Exception {
        trouble.silentNode();
        trouble.settle();
        awaitSent("opened:email:sent");
        assertThat(plain.getReceivedMessages()).hasSize(2);
        assertThat(inInboxOf("ops@example.org")).isOne();
        assertThat(inInboxOf("boss@example.org")).isOne();
    }

    private int inInboxOf(String address) throws Exception {
        var managers = plain.getManagers();
        return managers.getImapHostManager()
                .getInbox(managers.getUserManager().getUserByEmail(address))
                .getMessageCount();
    }

    @Test
    void one_mail_tells_that_it_is_over() throws Exception {
        set(SettingKey.ALERT_EMAIL_TO, "ops@example.org");
        var node = trouble.silentNode();
        trouble.settle();
        trouble.heard(node);
        trouble.settle();
        awaitSent("opened:email:sent", "cleared:email:sent");
        assertThat(plain.getReceivedMessages()).hasSize(2);
        var mail = plain.getReceivedMessages()[1];
        assertThat(mail.getSubject()).isEqualTo("Pressluft on " + host() + ": cleared: 1 agent is silent");
        assertThat(text(mail)).contains("None of these agents is silent any more");
    }

    @Test
    void a_user_signs_in() {
        plain.setUser("ops", "right-password");
        set(SettingKey.SMTP_USER, "ops");
        set(SettingKey.SMTP_PASSWORD, "right-password");
        assertThat(tried("outcome")).isEqualTo("delivered");
    }

    @Test
    void a_wrong_password_is_said() {
        plain.setUser("ops", "right-password");
        set(SettingKey.SMTP_USER, "ops");
        set(SettingKey.SMTP_PASSWORD, "wrong-password");
        assertThat(tried("code")).isEqualTo("alert_sign_in_failed");
        assertThat(plain.getReceivedMessages()).isEmpty();
    }

    @Test
    void a_server_that_is_not_there_is_said() {
        plain.stop();
        assertThat(tried("code")).isEqualTo("alert_unreachable");
    }

    @Test
    void one_recipient_that_is_refused_keeps_it_from_no_other() {
        try (var picky = new PickyMailServer(Set.of("boss@example.org"))) {
            set(SettingKey.SMTP_PORT, Integer.toString(picky.port()));
            trouble.silentNode();
            trouble.settle();
            awaitSent("opened:email:sent");
            assertThat(picky.taken()).containsExactly(List.of("ops@example.org"));
            assertThat(app.api()
                            .get("/api/alerts")
                            .json()
                            .at("/alerts/0/deliveries/0/code")
                            .asString())
                    .isEqualTo("alert_recipient_refused");
        }
    }

    @Test
    void when_all_recipients_are_refused_it_is_not_sent() {
        try (var picky = new PickyMailServer(Set.of("boss@example.org", "ops@example.org"))) {
            set(SettingKey.SMTP_PORT, Integer.toString(picky.port()));
            assertThat(tried("code")).isEqualTo("alert_refused");
            assertThat(picky.taken()).isEmpty();
        }
    }

    @Test
    void a_test_says_which_recipient_is_refused() {
        try (var picky = new PickyMailServer(Set.of("boss@example.org"))) {
            set(SettingKey.SMTP_PORT, Integer.toString(picky.port()));
            assertThat(tried("outcome")).isEqualTo("failed");
            assertThat(tried("message")).isEqualTo("The mail server refused 1 of 2 recipients: boss@example.org.");
        }
    }

    /** A password would go over the network as it is. */
    @Test
    void without_the_encryption_that_was_asked_for_nothing_is_sent() {
        set(SettingKey.SMTP_SECURITY, "starttls");
        assertThat(tried("outcome")).isEqualTo("failed");
        assertThat(plain.getReceivedMessages()).isEmpty();
    }

    @Test
    void a_certificate_that_nobody_trusts_is_said() {
        set(SettingKey.SMTP_SECURITY, "tls");
        set(SettingKey.SMTP_PORT, Integer.toString(encrypted.getSmtps().getPort()));
        assertThat(tried("code")).isEqualTo("alert_tls_failed");
        assertThat(encrypted.getReceivedMessages()).isEmpty();
    }

    private String tried(String field) {
        return app.api()
                .post("/api/alerts/test", "")
                .json()
                .path("channels")
                .valueStream()
                .filter(one -> one.path("channel").asString("").equals("email"))
                .map(one -> one.path(field).asString(""))
                .findFirst()
                .orElseThrow();
    }

    private void awaitSent(String... wanted) {
        eventually("messages " + Arrays.asList(wanted), () -> {
            trouble.deliver();
            return trouble.messages().equals(Arrays.asList(wanted));
        });
    }

    private static String text(MimeMessage mail) throws Exception {
        return mail.getContent().toString();
    }
}
