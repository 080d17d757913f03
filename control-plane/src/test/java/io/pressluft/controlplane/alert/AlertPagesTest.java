package io.pressluft.controlplane.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dashboard and the API show of incidents. */
@ControlPlaneTest
class AlertPagesTest {

    private final RunningControlPlane app;
    private final SampleTrouble trouble;

    AlertPagesTest(RunningControlPlane app) {
        this.app = app;
        this.trouble = new SampleTrouble(app);
    }

    @BeforeEach
    void beThereForLong() {
        trouble.heardFor(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sites", "/nodes", "/jobs", "/activity", "/settings", "/alerts"})
    void every_page_says_what_is_the_matter(String page) {
        var node = trouble.silentNode();
        trouble.settle();
        assertThat(app.api().get(page).text())
                .contains("role=\"status\" aria-label=\"Alerts\"")
                .contains(
                        "The agent of node " + node.replace('_', '-') + " has been silent since 2026-11-01 14:02 UTC.")
                .contains("<a href=\"/nodes\">Show</a>");
    }

    @Test
    void a_page_says_nothing_when_nothing_is_the_matter() {
        assertThat(alerts("/sites")).isBlank();
    }

    /** The part that a live page takes out of what it is answered. */
    private String alerts(String page) {
        var place = Pattern.compile("<div class=\"alerts\" id=\"alerts\"[^>]*>(.*?)</div>", Pattern.DOTALL)
                .matcher(app.api().get(page).text());
        assertThat(place.find()).isTrue();
        return place.group(1);
    }

    @Test
    void a_live_page_takes_up_what_begins_and_what_ends() {
        var node = trouble.lastingNode();
        app.api().post("/api/sites", "{\"slug\": \"live\", \"title\": \"Live\", \"nodeId\": \"%s\"}".formatted(node));
        var site = app.jdbc().sql("SELECT id FROM site").query(String.class).single();
        for (var page :
                List.of("/sites", "/nodes?fresh", "/jobs?state=", "/nodes/" + node + "?fresh", "/sites/" + site)) {
            assertThat(app.api().get(page).text()).as(page).containsOnlyOnce("hx-select-oob=\"#alerts:innerHTML\"");
            assertThat(alerts(page)).as(page).isBlank();
        }
        trouble.silence(node);
        trouble.settle();
        assertThat(alerts("/nodes?fresh")).contains("has been silent");
        trouble.heard(node);
        trouble.look();
        assertThat(alerts("/nodes?fresh")).isBlank();
    }

    @Test
    void a_page_says_nothing_any_more_when_it_is_over() {
        var node = trouble.silentNode();
        trouble.settle();
        trouble.heard(node);
        trouble.settle();
        assertThat(alerts("/sites")).isBlank();
    }

    @Test
    void a_stranger_is_told_nothing() {
        trouble.silentNode();
        trouble.settle();
        assertThat(app.stranger().get("/login").text()).doesNotContain("has been silent");
    }

    @Test
    void the_banner_leads_to_the_jobs() {
        var job = trouble.stalledJob();
        trouble.settle();
        assertThat(app.api().get("/sites").text())
                .contains("<a href=\"/jobs/" + job + "\">" + job + "</a>")
                .contains("<a href=\"/jobs?state=attention\">Show</a>");
    }

    @Test
    void open_incidents_are_listed_before_those_that_have_cleared() {
        var node = trouble.silentNode();
        trouble.settle();
        trouble.heard(node);
        trouble.settle();
        trouble.stalledJob();
        trouble.settle();
        assertThat(app.api().get("/api/alerts").json().path("alerts").findValuesAsString("kind"))
                .containsExactly("job_stalled", "agent_silent");
    }

    @Test
    void one_that_nobody_was_told_of_is_not_listed() {
        trouble.silentNode();
        trouble.look();
        assertThat(app.api().get("/api/alerts").json().path("alerts")).isEmpty();
    }

    @Test
    void the_page_of_alerts_shows_how_it_ended() {
        var node = trouble.silentNode();
        trouble.settle();
        trouble.heard(node);
        trouble.settle();
        assertThat(app.api().get("/alerts").text())
                .contains("None of these agents is silent any more: it began at 2026-11-01 14:02 UTC")
                .contains("Cleared");
    }

    @Test
    void a_test_leads_to_what_came_of_it() {
        var answer = app.api().post("/alerts/test", "", "Content-Type", "application/x-www-form-urlencoded");
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.response().headers().firstValue("Location"))
                .hasValueSatisfying(path -> assertThat(app.api().get(path).text())
                        .contains("Nothing was sent by webhook: it is not set up", "Nothing was sent by email"));
    }

    @Test
    void a_channel_that_is_not_set_up_is_no_fault() {
        assertThat(app.api().get("/alerts?email=alert_channel_unset").text())
                .doesNotContain("notice bad", "was not delivered");
    }

    @Test
    void a_test_that_failed_says_what_to_do() {
        assertThat(app.api().get("/alerts?webhook=alert_unreachable").text())
                .contains("Test by webhook: the message was not delivered.", "notice bad", "Check name, port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"site_busy", "alert_nonsense", "%3Cscript%3E", "delivered2"})
    void an_outcome_that_there_is_not_is_not_repeated(String outcome) {
        assertThat(app.api().get("/alerts?webhook=" + outcome).text()).doesNotContain("Test by");
    }
}
