package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What cannot be proven is undone and said so; when the cause is gone a retry ends where a first success would have. */
@Order(5)
@ExtendWith(OneNode.class)
class FailureTest {

    /** Long enough for both proofs to lose their patience. */
    private static final Duration PROOFS = Duration.ofSeconds(90);

    private static final String SERVICE_READY = "systemctl is-active -q mariadb && mariadb -e 'SELECT 1' >/dev/null";

    @Test
    @Order(1)
    void a_default_virtual_host_that_answers_200_is_no_proof(Pressluft pressluft) {
        var neighbour = pressluft.quietSite();
        var node = pressluft.node();
        // The web server says it has read the new virtual host and has not: the reload race, for as long as we like.
        node.script("""
                cp -a /etc/nginx/nginx.conf /root/nginx.conf.before
                sed -i "s#return 404;#default_type text/html; return 200 '<html><title>Welcome</title></html>';#" /etc/nginx/nginx.conf
                nginx -t -q
                systemctl reload nginx
                mkdir -p /etc/systemd/system/nginx.service.d
                printf '[Service]\\nExecReload=\\nExecReload=/bin/true\\n' > /etc/systemd/system/nginx.service.d/e2e.conf
                systemctl daemon-reload
                """).require();
        Site site;
        try {
            site = pressluft.requestSite("Behind a default host");
            var job = pressluft.api().settled(site.jobId(), PROOFS);
            assertFailed(job, "proof_missing", "Prove the front page");
            assertUndone(pressluft, site, "proof_missing");
            pressluft.assertServes(neighbour);
        } finally {
            node.script("""
                    rm -f /etc/systemd/system/nginx.service.d/e2e.conf
                    rmdir --ignore-fail-on-non-empty /etc/systemd/system/nginx.service.d
                    mv /root/nginx.conf.before /etc/nginx/nginx.conf
                    systemctl daemon-reload
                    systemctl reload nginx
                    """).require();
        }
        assertRetryConverges(pressluft, site);
    }

    @Test
    @Order(2)
    void a_white_screen_is_no_proof(Pressluft pressluft) {
        var neighbour = pressluft.quietSite();
        var white = "/usr/local/lib/pressluft/mu-plugins/e2e-white-screen.php";
        pressluft.node().write(white, """
                <?php
                // The theme dies without a word; the status is still 200.
                add_action('template_redirect', static function (): void { exit; }, PHP_INT_MAX);
                """);
        Site site;
        try {
            site = pressluft.requestSite("A white screen");
            var job = pressluft.api().settled(site.jobId(), PROOFS);
            assertFailed(job, "proof_missing", "Prove the front page");
            assertUndone(pressluft, site, "proof_missing");
            pressluft.assertServes(neighbour);
        } finally {
            pressluft.node().run("rm", "-f", white).require();
        }
        assertRetryConverges(pressluft, site);
    }

    @Test
    @Order(3)
    void a_node_without_its_database_is_refused_before_a_job_exists(Pressluft pressluft) {
        pressluft.quietSite();
        pressluft.node().run("systemctl", "stop", "mariadb").require();
        try {
            refreshReadiness(pressluft);
            var refused = pressluft.api().post("/api/sites", pressluft.wanted("refused-early", "Refused"));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.json().path("code").asString()).isEqualTo("node_not_ready");
            assertThat(refused.json().path("details").toString()).contains("service_down");
            assertThat(pressluft.api().get("/api/sites").body()).doesNotContain("refused-early");
        } finally {
            startDatabase(pressluft);
        }
    }

    @Test
    @Order(4)
    void a_database_that_is_gone_when_the_job_needs_it_fails_the_job(Pressluft pressluft) {
        var neighbour = pressluft.quietSite();
        refreshReadiness(pressluft);
        Site site;
        // The agent is held until the database is gone, so that the request still finds a node that is ready.
        pressluft
                .node()
                .run("systemctl", "kill", "--signal=STOP", "pressluft-agent")
                .require();
        try {
            site = pressluft.requestSite("No database at hand");
            pressluft.node().run("systemctl", "stop", "mariadb").require();
        } finally {
            pressluft
                    .node()
                    .run("systemctl", "kill", "--signal=CONT", "pressluft-agent")
                    .require();
        }
        try {
            var job = pressluft.api().settled(site.jobId(), PROOFS);
            assertFailed(job, "database_unavailable", "Create the database and its user");
            assertServesNothing(pressluft, site, "database_unavailable");
        } finally {
            startDatabase(pressluft);
        }
        pressluft.assertServes(neighbour);
        assertRetryConverges(pressluft, site);
    }

    @Test
    @Order(5)
    void a_database_that_dies_between_apply_and_proof_fails_the_job(Pressluft pressluft) {
        var neighbour = pressluft.quietSite();
        refreshReadiness(pressluft);
        // The reload is the last act of the apply; the database goes down with it.
        pressluft.node().script("""
                mkdir -p /etc/systemd/system/nginx.service.d
                printf '[Service]\\nExecReload=/usr/bin/systemctl stop mariadb.service\\n' \\
                    > /etc/systemd/system/nginx.service.d/e2e.conf
                systemctl daemon-reload
                """).require();
        Site site;
        try {
            site = pressluft.requestSite("The database dies late");
            var job = pressluft.api().settled(site.jobId(), PROOFS);
            assertFailed(job, "proof_status", "Prove the front page");
            assertServesNothing(pressluft, site, "proof_status");
        } finally {
            pressluft.node().script("""
                    rm -f /etc/systemd/system/nginx.service.d/e2e.conf
                    rmdir --ignore-fail-on-non-empty /etc/systemd/system/nginx.service.d
                    systemctl daemon-reload
                    """).require();
            startDatabase(pressluft);
        }
        pressluft.assertServes(neighbour);
        assertRetryConverges(pressluft, site);
    }

    private static void assertFailed(JsonNode job, String code, String step) {
        assertThat(job.path("state").asString()).as(job.toPrettyString()).isEqualTo("failed");
        assertThat(job.path("failure").path("code").asString())
                .as(job.toPrettyString())
                .isEqualTo(code);
        assertThat(job.path("failure").path("step").asString())
                .as(job.path("failure").toString())
                .contains(step);
        assertThat(job.path("failure").path("message").asString()).isNotBlank();
        assertThat(job.path("failure").path("remediation").asString()).isNotBlank();
        assertThat(job.path("retryable").asBoolean()).isTrue();
    }

    private static void assertServesNothing(Pressluft pressluft, Site site, String code) {
        var now = pressluft.siteNow(site);
        assertThat(now.path("state").asString()).isEqualTo("failed");
        assertThat(now.path("failureCode").asString()).isEqualTo(code);
        assertThat(now.path("environments").path(0).path("state").asString()).isEqualTo("failed");
        assertThat(Web.get(site.at("/")).status()).isGreaterThanOrEqualTo(400);
        assertThat(EnvironmentTraces.serving(pressluft.node(), site.environmentId()))
                .isEmpty();
    }

    private static void assertUndone(Pressluft pressluft, Site site, String code) {
        assertServesNothing(pressluft, site, code);
        assertThat(EnvironmentTraces.all(pressluft.node(), site.environmentId()))
                .isEmpty();
    }

    private static void assertRetryConverges(Pressluft pressluft, Site site) {
        refreshReadiness(pressluft);
        var retry = pressluft
                .api()
                .post("/api/jobs/%s/retry".formatted(site.jobId()))
                .require(202)
                .json();
        assertThat(retry.path("retryOf").asString()).isEqualTo(site.jobId());
        var job = pressluft.api().succeeded(retry.path("id").asString(), Pressluft.SITE);
        assertThat(job.path("fencingToken").asLong()).isEqualTo(2);
        var now = pressluft.siteNow(site);
        assertThat(now.path("state").asString()).isEqualTo("active");
        assertThat(now.path("environments").path(0).path("url").asString())
                .isEqualTo(site.url().toString());
        pressluft.assertServes(site);
    }

    private static void startDatabase(Pressluft pressluft) {
        pressluft.node().run("systemctl", "start", "mariadb").require();
        Await.until(
                "MariaDB answers",
                Duration.ofSeconds(30),
                () -> pressluft.node().script(SERVICE_READY).exit() == 0);
        refreshReadiness(pressluft);
    }

    /** What was seen is kept for a while; here the node has just been changed. */
    private static void refreshReadiness(Pressluft pressluft) {
        pressluft
                .api()
                .get("/api/nodes/%s/readiness?refresh=true".formatted(pressluft.nodeId()))
                .require(200);
    }
}
