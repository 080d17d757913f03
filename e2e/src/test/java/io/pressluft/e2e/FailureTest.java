package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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
            Outcome.assertFailed(job, "proof_missing", "Prove the front page");
            Outcome.assertUndone(pressluft, site, "proof_missing");
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
        Outcome.assertRetryConverges(pressluft, site);
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
            Outcome.assertFailed(job, "proof_missing", "Prove the front page");
            Outcome.assertUndone(pressluft, site, "proof_missing");
            pressluft.assertServes(neighbour);
        } finally {
            pressluft.node().run("rm", "-f", white).require();
        }
        Outcome.assertRetryConverges(pressluft, site);
    }

    @Test
    @Order(3)
    void a_node_without_its_database_is_refused_before_a_job_exists(Pressluft pressluft) {
        pressluft.quietSite();
        pressluft.node().run("systemctl", "stop", "mariadb").require();
        try {
            Outcome.refreshReadiness(pressluft);
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
        Outcome.refreshReadiness(pressluft);
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
            Outcome.assertFailed(job, "database_unavailable", "Create the database and its user");
            Outcome.assertServesNothing(pressluft, site, "database_unavailable");
        } finally {
            startDatabase(pressluft);
        }
        assertThat(EnvironmentTraces.all(pressluft.node(), site.environmentId()))
                .as("the database was never made, so nothing waits for it")
                .isEmpty();
        pressluft.assertServes(neighbour);
        Outcome.assertRetryConverges(pressluft, site);
    }

    @Test
    @Order(5)
    void a_database_that_dies_between_apply_and_proof_fails_the_job(Pressluft pressluft) {
        var neighbour = pressluft.quietSite();
        Outcome.refreshReadiness(pressluft);
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
            Outcome.assertFailed(job, "proof_status", "Prove the front page");
            Outcome.assertServesNothing(pressluft, site, "proof_status");
        } finally {
            pressluft.node().script("""
                    rm -f /etc/systemd/system/nginx.service.d/e2e.conf
                    rmdir --ignore-fail-on-non-empty /etc/systemd/system/nginx.service.d
                    systemctl daemon-reload
                    """).require();
            startDatabase(pressluft);
        }
        pressluft.assertServes(neighbour);
        Outcome.assertRetryConverges(pressluft, site);
    }

    private static void startDatabase(Pressluft pressluft) {
        pressluft.node().run("systemctl", "start", "mariadb").require();
        Await.until(
                "MariaDB answers",
                Duration.ofSeconds(30),
                () -> pressluft.node().script(SERVICE_READY).exit() == 0);
        Outcome.refreshReadiness(pressluft);
    }
}
