package io.pressluft.e2e;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A job for a new site that stands still where the fault is to strike.
 *
 * @param replica runs only in the rows that need it
 */
record FaultScene(Pressluft pressluft, Replica replica, FaultNode node, Site site, FaultPoint point) {

    /** For an agent or a control plane to be back and heard of. */
    private static final Duration BACK = Duration.ofSeconds(90);

    /** The site's newest job; absent while the control plane cannot say. */
    Optional<JsonNode> job() {
        try {
            var answer = pressluft.api().get("/api/jobs?siteId=%s&limit=1".formatted(site.id()));
            return answer.status() == 200
                    ? Optional.of(answer.json().path("jobs").path(0))
                    : Optional.empty();
        } catch (AssertionError away) {
            return Optional.empty();
        }
    }

    void awaitState(String state) {
        Await.until(
                "the job is " + state,
                BACK,
                () -> job().map(job -> job.path("state").asString().equals(state))
                        .orElse(false));
    }

    /** The run has come to its next step and waits there for its lease, or is over although it had none. */
    void awaitPaused() {
        Await.until(
                "the run stands still",
                BACK,
                () -> node.shell("cat /var/lib/pressluft-agent/jobs/%s/*/events.jsonl".formatted(site.jobId()))
                        .out()
                        .matches("(?s).*(waiting for its renewal|run_finished).*"));
    }

    /** The site's newest job is in this state, asked often: it does not stay there for long. */
    void awaitShortState(String state) {
        var database = pressluft.database();
        Await.until(
                "the job is " + state,
                BACK,
                () -> database.column("SELECT state FROM job WHERE id = ?", site.jobId())
                        .contains(state));
    }

    /** Nothing runs on the node any more that a job has begun: an effect that must not be has happened by then. */
    void awaitQuiet() {
        Await.until(
                "every run has ended",
                BACK,
                () -> node.shell("systemctl list-units --plain --no-legend --state=active,activating 'pressluft-run-*'")
                        .lines()
                        .isEmpty());
    }

    /** The unit of the run that is held. */
    String unit() {
        return "pressluft-run-%s-apply.service".formatted(site.jobId());
    }

    void kill(String unit, String whom, String signal) {
        node.shell("systemctl kill --kill-whom=%s --signal=%s %s".formatted(whom, signal, unit));
    }

    void killAgent() {
        kill("pressluft-agent", "main", "KILL");
    }

    /** Nothing that the agent sends arrives any more. */
    void cutOff() {
        node.shell("iptables -I OUTPUT -p tcp --dport %d -j DROP".formatted(gatewayPort()));
    }

    void reconnect() {
        node.shell("iptables -D OUTPUT -p tcp --dport %d -j DROP".formatted(gatewayPort()));
    }

    /** Nothing that the control plane sends arrives any more. */
    void deafen() {
        node.shell("iptables -I INPUT -p tcp --sport %d -j DROP".formatted(gatewayPort()));
    }

    void hearAgain() {
        node.shell("iptables -D INPUT -p tcp --sport %d -j DROP".formatted(gatewayPort()));
    }

    private int gatewayPort() {
        return pressluft.controlPlane().about().path("gatewayPort").asInt();
    }

    /** Follows the site's jobs until the newest has ended and no repeat waits. */
    JsonNode ended(Duration patience) {
        return Await.value(
                "the newest job of %s ends".formatted(site.slug()),
                patience,
                () -> job().filter(job -> Api.ended(job.path("state").asString())));
    }
}
