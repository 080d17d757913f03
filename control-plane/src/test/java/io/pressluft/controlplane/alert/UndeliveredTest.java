package io.pressluft.controlplane.alert;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Receiver;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.settings.SettingKey;
import io.pressluft.controlplane.settings.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alerts of which nobody hears are not silent themselves, and who can hear again is told. */
@ControlPlaneTest
class UndeliveredTest {

    private static final String LINE = "An alert could not be delivered by webhook";

    private final RunningControlPlane app;
    private final SampleTrouble trouble;
    private final Receiver receiver = new Receiver();

    UndeliveredTest(RunningControlPlane app) {
        this.app = app;
        this.trouble = new SampleTrouble(app);
    }

    @BeforeEach
    void set() {
        trouble.heardFor(Duration.ofMinutes(5));
        url(receiver.url());
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private void url(String value) {
        app.bean(Settings.class).put(SettingKey.ALERT_WEBHOOK_URL, value, "me");
    }

    /** The opening of an incident that nobody takes. */
    private String givenUp() {
        receiver.answers(500, 500);
        var node = trouble.silentNode();
        trouble.settle();
        awaitRefused();
        giveUp();
        awaitMessages("opened:webhook:given_up");
        return node;
    }

    private void awaitRefused() {
        eventually("it is refused once", () -> {
            trouble.deliver();
            return app.jdbc()
                            .sql("SELECT count(*) FROM alert_delivery WHERE state = 'pending' AND code IS NOT NULL")
                            .query(Integer.class)
                            .single()
                    == 1;
        });
    }

    private void giveUp() {
        app.jdbc()
                .sql("UPDATE alert_delivery SET attempts = 1000, not_before = now() WHERE code IS NOT NULL")
                .update();
    }

    private void awaitMessages(String... wanted) {
        eventually("messages " + List.of(wanted), () -> {
            trouble.deliver();
            return trouble.messages().equals(List.of(wanted));
        });
    }

    private void test() {
        app.api().post("/api/alerts/test", "");
    }

    @Test
    void every_page_says_that_an_alert_could_not_be_delivered() {
        givenUp();
        assertThat(app.api().get("/sites").text()).contains(LINE);
    }

    @Test
    void a_channel_that_takes_a_later_message_is_well_again() {
        givenUp();
        trouble.stalledJob();
        trouble.settle();
        eventually("the later one is sent", () -> {
            trouble.deliver();
            return trouble.messages().contains("opened:webhook:sent");
        });
        assertThat(app.api().get("/sites").text()).doesNotContain(LINE);
    }

    @Test
    void a_channel_that_takes_a_test_is_well_again_and_hears_what_is_open() {
        givenUp();
        test();
        assertThat(app.api().get("/sites").text()).doesNotContain(LINE);
        trouble.look();
        awaitMessages("opened:webhook:given_up", "opened:webhook:sent");
    }

    @Test
    void a_channel_that_is_not_set_up_any_more_misses_nothing() {
        givenUp();
        url("");
        assertThat(app.api().get("/sites").text()).doesNotContain(LINE);
    }

    @Test
    void a_channel_that_is_set_up_later_hears_what_is_open() {
        url("");
        trouble.silentNode();
        trouble.settle();
        assertThat(trouble.messages()).isEmpty();
        url(receiver.url());
        trouble.look();
        trouble.look();
        awaitMessages("opened:webhook:sent");
        assertThat(receiver.posts()).hasSize(1);
    }

    @Test
    void who_never_heard_of_it_is_not_told_that_it_is_over() {
        var node = givenUp();
        trouble.heard(node);
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("agent_silent:cleared:1");
        assertThat(trouble.messages()).containsExactly("opened:webhook:given_up");
    }

    @Test
    void what_cleared_before_its_opening_was_given_up_is_not_told() {
        receiver.answers(500, 500);
        var node = trouble.silentNode();
        trouble.settle();
        awaitRefused();
        trouble.heard(node);
        trouble.settle();
        assertThat(trouble.messages()).containsExactly("opened:webhook:pending", "cleared:webhook:pending");
        giveUp();
        eventually("it is given up", () -> {
            trouble.deliver();
            return trouble.messages().contains("opened:webhook:given_up");
        });
        trouble.look();
        awaitMessages("opened:webhook:given_up");
        assertThat(receiver.posts()).extracting(post -> post.field("type")).containsExactly("opened", "opened");
    }
}
