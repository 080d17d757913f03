package io.pressluft.controlplane.alert;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Receiver;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.TestServers;
import io.pressluft.controlplane.settings.SettingKey;
import io.pressluft.controlplane.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Messages to the webhook: each once, in order, signed, and lost by no restart. */
@ControlPlaneTest
class WebhookTest {

    private static final String SECRET = "a-secret-of-the-webhook";

    private final RunningControlPlane app;
    private final SampleTrouble trouble;
    private final Receiver receiver = new Receiver();

    WebhookTest(RunningControlPlane app) {
        this.app = app;
        this.trouble = new SampleTrouble(app);
    }

    @BeforeEach
    void set() {
        trouble.heardFor(Duration.ofMinutes(5));
        set(SettingKey.ALERT_WEBHOOK_URL, receiver.url());
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private void set(SettingKey key, String value) {
        app.bean(Settings.class).put(key, value, "me");
    }

    @Test
    void one_message_tells_of_many() {
        IntStream.range(0, 7).forEach(i -> trouble.silentNode());
        trouble.settle();
        awaitSent();
        assertThat(receiver.posts()).singleElement().satisfies(post -> {
            assertThat(post.field("type")).isEqualTo("opened");
            assertThat(post.field("text"))
                    .startsWith("The agents of 7 nodes have been silent since 2026-11-01 14:02 UTC: node-")
                    .endsWith(" and 2 more.");
            assertThat(post.json().path("count").asInt()).isEqualTo(7);
            assertThat(post.json().path("members")).hasSize(7);
        });
    }

    @Test
    void what_joins_later_is_told_as_part_of_the_same_incident() {
        trouble.silentNode();
        trouble.settle();
        var second = trouble.silentNode();
        trouble.settle();
        awaitMessages("opened:webhook:sent", "grown:webhook:sent");
        var opened = receiver.posts().getFirst();
        assertThat(receiver.posts().getLast()).satisfies(grown -> {
            assertThat(grown.field("type")).isEqualTo("grown");
            assertThat(grown.field("incident")).isEqualTo(opened.field("incident"));
            assertThat(grown.field("text"))
                    .isEqualTo("The agent of node " + second.replace('_', '-')
                            + " has been silent since 2026-11-01 14:02 UTC. With that, 2 agents are silent.");
            assertThat(grown.json().path("count").asInt()).isEqualTo(2);
            assertThat(grown.json().path("members").findValuesAsString("id")).containsExactly(second);
        });
    }

    @Test
    void many_that_join_one_after_another_are_told_once() {
        trouble.silentNode();
        trouble.settle();
        for (int i = 0; i < 3; i++) {
            trouble.silentNode();
            trouble.look();
            trouble.timePasses(Duration.ofMinutes(3));
            trouble.look();
            assertThat(trouble.messages()).hasSize(1);
        }
        trouble.timePasses(Duration.ofMinutes(2));
        trouble.look();
        awaitMessages("opened:webhook:sent", "grown:webhook:sent");
        assertThat(receiver.posts().getLast().json().path("members")).hasSize(3);
    }

    @Test
    void what_has_just_joined_is_not_told_before_others_could_join() {
        trouble.silentNode();
        trouble.settle();
        trouble.timePasses();
        trouble.silentNode();
        trouble.look();
        assertThat(trouble.messages()).hasSize(1);
    }

    @Test
    void one_that_is_back_at_once_has_not_joined() {
        var first = trouble.silentNode();
        trouble.silentNode();
        trouble.settle();
        trouble.heard(first);
        trouble.look();
        trouble.silence(first);
        trouble.look();
        trouble.timePasses();
        trouble.look();
        assertThat(trouble.messages()).hasSize(1);
    }

    @Test
    void one_that_is_back_after_a_while_has_joined() {
        var first = trouble.silentNode();
        trouble.silentNode();
        trouble.settle();
        trouble.heard(first);
        trouble.settle();
        trouble.silence(first);
        trouble.settle();
        awaitMessages("opened:webhook:sent", "grown:webhook:sent");
    }

    @Test
    void a_message_overtakes_no_other_of_its_incident() {
        receiver.answers(503);
        trouble.silentNode();
        trouble.settle();
        awaitMessages("opened:webhook:pending");
        trouble.silentNode();
        trouble.settle();
        awaitMessages("opened:webhook:pending", "grown:webhook:pending");
        hurry();
        awaitMessages("opened:webhook:sent", "grown:webhook:sent");
        assertThat(receiver.posts())
                .extracting(post -> post.field("type"))
                .containsExactly("opened", "opened", "grown");
    }

    @Test
    void one_message_tells_that_it_is_over() {
        var node = trouble.silentNode();
        trouble.settle();
        trouble.heard(node);
        trouble.settle();
        awaitMessages("opened:webhook:sent", "cleared:webhook:sent");
        assertThat(receiver.posts()).extracting(post -> post.field("type")).containsExactly("opened", "cleared");
    }

    @Test
    void a_message_that_was_refused_is_sent_again() {
        receiver.answers(500);
        trouble.silentNode();
        trouble.settle();
        awaitMessages("opened:webhook:pending");
        hurry();
        awaitSent();
        assertThat(receiver.posts())
                .hasSize(2)
                .extracting(post -> post.field("id"))
                .containsOnly(deliveryId());
    }

    @Test
    void the_end_is_not_told_before_the_beginning() {
        receiver.answers(503);
        var node = trouble.silentNode();
        trouble.settle();
        awaitMessages("opened:webhook:pending");
        trouble.heard(node);
        trouble.settle();
        awaitMessages("opened:webhook:pending", "cleared:webhook:pending");
        hurry();
        awaitMessages("opened:webhook:sent", "cleared:webhook:sent");
        assertThat(receiver.posts())
                .extracting(post -> post.field("type"))
                .containsExactly("opened", "opened", "cleared");
    }

    @Test
    void a_redirect_is_not_followed() {
        receiver.answers(302);
        trouble.silentNode();
        trouble.settle();
        awaitMessages("opened:webhook:pending");
        assertThat(receiver.posts()).extracting(Receiver.Post::path).containsExactly("/hook");
        assertThat(code()).isEqualTo("alert_refused");
    }

    @Test
    void what_fails_too_often_is_given_up_and_shown() {
        receiver.close();
        trouble.silentNode();
        trouble.settle();
        awaitMessages("opened:webhook:pending");
        app.jdbc()
                .sql("UPDATE alert_delivery SET attempts = 1000, not_before = now()")
                .update();
        awaitMessages("opened:webhook:given_up");
        var shown = app.api().get("/api/alerts").json().at("/alerts/0/deliveries/0");
        assertThat(shown.path("state").asString()).isEqualTo("given_up");
        assertThat(shown.path("code").asString()).isEqualTo("alert_unreachable");
    }

    @Test
    void the_signature_is_over_time_and_body() throws Exception {
        set(SettingKey.ALERT_WEBHOOK_SECRET, SECRET);
        trouble.silentNode();
        trouble.settle();
        awaitSent();
        var post = receiver.posts().getFirst();
        var parts = post.signature().split("[=,]");
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        var expected = mac.doFinal((parts[1] + "." + post.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(parts[3]).isEqualTo(HexFormat.of().formatHex(expected));
        assertThat(Long.parseLong(parts[1]))
                .isCloseTo(app.clock().instant().getEpochSecond(), org.assertj.core.data.Offset.offset(60L));
    }

    @Test
    void without_a_secret_there_is_no_signature() {
        trouble.silentNode();
        trouble.settle();
        awaitSent();
        assertThat(receiver.posts().getFirst().signature()).isEmpty();
    }

    @Test
    void without_a_channel_nothing_is_written_down() {
        set(SettingKey.ALERT_WEBHOOK_URL, "");
        trouble.silentNode();
        trouble.settle();
        assertThat(trouble.incidents()).containsExactly("agent_silent:open:1");
        assertThat(trouble.messages()).isEmpty();
    }

    @Test
    void a_message_whose_sender_died_is_taken_over() {
        receiver.answers(500);
        trouble.silentNode();
        trouble.settle();
        awaitMessages("opened:webhook:pending");
        app.jdbc()
                .sql("UPDATE alert_delivery SET state = 'sending', not_before = now() + interval '1 hour'")
                .update();
        hurry();
        awaitSent();
        assertThat(receiver.posts()).hasSize(2);
    }

    @Test
    void what_was_opened_before_a_restart_is_told_after_it(TestServers servers) {
        var loops = app.bean(AlertLoops.class);
        loops.stop();
        try {
            trouble.silentNode();
            trouble.settle();
            assertThat(trouble.messages()).containsExactly("opened:webhook:pending");
            assertThat(receiver.posts()).isEmpty();
            try (var _ = RunningControlPlane.replica(servers, Map.of())) {
                eventually("it is told", () -> trouble.messages().equals(List.of("opened:webhook:sent")));
            }
            assertThat(receiver.posts()).hasSize(1);
        } finally {
            loops.start();
        }
    }

    @Test
    void no_line_of_the_log_has_the_secret() {
        var log = (Logger) LoggerFactory.getLogger("io.pressluft");
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        log.addAppender(lines);
        try {
            set(SettingKey.ALERT_WEBHOOK_SECRET, SECRET);
            receiver.answers(500);
            trouble.silentNode();
            trouble.settle();
            awaitMessages("opened:webhook:pending");
            hurry();
            awaitSent();
        } finally {
            log.detachAppender(lines);
        }
        var said = List.copyOf(lines.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        assertThat(said).anyMatch(line -> line.contains("code=alert_refused")).noneMatch(line -> line.contains(SECRET));
    }

    @Test
    void of_many_that_deliver_at_once_each_message_is_sent_by_one(TestServers servers) throws Exception {
        trouble.silentNode();
        trouble.stalledJob();
        trouble.waitingJob();
        trouble.halfMadeJob();
        trouble.settle();
        try (var replica = RunningControlPlane.replica(servers, Map.of());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outboxes = List.of(app.bean(Outbox.class), replica.bean(Outbox.class));
            var tries = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> {
                        var outbox = outboxes.get(i % 2);
                        return outbox.deliverOne(outbox.outlets().stream()
                                .filter(outlet -> outlet.channel() == Channel.WEBHOOK)
                                .findFirst()
                                .orElseThrow());
                    }))
                    .toList();
            for (var one : tries) {
                one.get();
            }
        }
        awaitMessages("opened:webhook:sent", "opened:webhook:sent", "opened:webhook:sent", "opened:webhook:sent");
        assertThat(receiver.posts())
                .extracting(post -> post.field("kind"))
                .containsExactlyInAnyOrder("agent_silent", "job_stalled", "job_waiting", "change_half_made");
    }

    @Test
    void a_test_says_that_the_webhook_has_taken_it() {
        assertThat(tried("webhook", "outcome")).isEqualTo("delivered");
        assertThat(receiver.posts().getFirst().field("type")).isEqualTo("test");
    }

    @Test
    void a_test_says_that_the_webhook_refused_it() {
        receiver.answers(404);
        assertThat(tried("webhook", "code")).isEqualTo("alert_refused");
    }

    @Test
    void a_test_says_that_nobody_answered() {
        receiver.close();
        assertThat(tried("webhook", "code")).isEqualTo("alert_unreachable");
    }

    @Test
    void a_test_says_what_is_not_set() {
        assertThat(tried("email", "code")).isEqualTo("alert_channel_unset");
    }

    private String tried(String channel, String field) {
        return app.api()
                .post("/api/alerts/test", "")
                .json()
                .path("channels")
                .valueStream()
                .filter(one -> one.path("channel").asString("").equals(channel))
                .map(one -> one.path(field).asString(""))
                .findFirst()
                .orElseThrow();
    }

    /** Whatever waits for its next attempt, or for the end of a lease, waits no longer. */
    private void hurry() {
        app.jdbc().sql("UPDATE alert_delivery SET not_before = now()").update();
    }

    /** Whoever delivers them: the application does, too. */
    private void awaitMessages(String... wanted) {
        var all = List.of(wanted);
        eventually("messages " + all, () -> {
            trouble.deliver();
            return trouble.messages().equals(all) && (!all.contains("opened:webhook:pending") || !code().isEmpty());
        });
    }

    private void awaitSent() {
        awaitMessages("opened:webhook:sent");
    }

    private String deliveryId() {
        return app.jdbc()
                .sql("SELECT id FROM alert_delivery")
                .query(String.class)
                .single();
    }

    private String code() {
        return app.jdbc()
                .sql("SELECT coalesce(max(code), '') FROM alert_delivery")
                .query(String.class)
                .single();
    }
}
