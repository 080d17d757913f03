package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Services that are dead, hang or have no room: what does not depend on them is undone, and the rest is not forgotten. */
@Order(11)
@ExtendWith(OneNode.class)
class BrokenServiceTest {

    private static final String DATABASE_BACK = """
            systemctl start mariadb
            until mariadb -e 'SELECT 1' >/dev/null 2>&1; do :; done
            """;

    private static final String REDIS_BACK = """
            systemctl start redis-server
            until redis-cli -s /run/redis/redis-server.sock PING 2>&1 | grep -q -e PONG -e NOAUTH; do :; done
            """;

    @Test
    void a_dead_Redis_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "Redis is dead",
                        "systemctl stop redis-server",
                        REDIS_BACK,
                        "redis_unavailable",
                        "Create the Redis user",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.AFTER_MENDING));
    }

    @Test
    void a_Redis_that_hangs_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "Redis hangs",
                        "systemctl kill --signal=STOP redis-server",
                        "systemctl kill --signal=CONT redis-server",
                        "redis_unavailable",
                        "Create the Redis user",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.AFTER_MENDING));
    }

    @Test
    void a_dead_MariaDB_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "MariaDB is dead",
                        "systemctl stop mariadb",
                        DATABASE_BACK,
                        "database_unavailable",
                        "Create the database and its user",
                        Fault.Neighbour.SHARES_IT,
                        Fault.Looks.AFTER_MENDING));
    }

    @Test
    void a_full_disk_where_databases_go_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "No room for tables",
                        """
                        systemctl stop mariadb
                        mkdir -p /mnt/e2e
                        mount -t tmpfs -o mode=755,size=$(($(du -sm /var/lib/mysql | cut -f1) + 100))m tmpfs /mnt/e2e
                        cp -a /var/lib/mysql/. /mnt/e2e/
                        chown mysql:mysql /mnt/e2e
                        mount --bind /mnt/e2e /var/lib/mysql
                        systemctl start mariadb
                        left=$(df --output=avail -k /var/lib/mysql | tail -1)
                        dd if=/dev/zero of=/mnt/e2e/.fill bs=1k count=$((left - 1024)) status=none
                        """,
                        """
                        systemctl stop mariadb
                        mountpoint -q /var/lib/mysql && umount /var/lib/mysql
                        umount /mnt/e2e && rmdir /mnt/e2e
                        """ + DATABASE_BACK,
                        "disk_full",
                        "Install WordPress",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.BEFORE_MENDING));
    }

    @Test
    void a_configuration_of_nginx_broken_by_hand_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "A typing error",
                        """
                        cp -a /etc/nginx/nginx.conf /root/e2e-nginx.conf
                        echo 'srever { listen 80; }' >> /etc/nginx/nginx.conf
                        """,
                        "mv /root/e2e-nginx.conf /etc/nginx/nginx.conf",
                        "web_server_config_invalid",
                        "Put the virtual host in place",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.BEFORE_MENDING));
    }

    @Test
    void a_dead_nginx_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "nginx is dead",
                        "systemctl stop nginx",
                        "systemctl start nginx",
                        "web_server_unavailable",
                        "Put the virtual host in place",
                        Fault.Neighbour.SHARES_IT,
                        Fault.Looks.BEFORE_MENDING));
    }

    @Test
    void a_MariaDB_that_dies_at_the_end_leaves_a_note_and_the_deletion_does_the_rest(Pressluft pressluft) {
        pressluft.quietSite();
        Outcome.refreshReadiness(pressluft);
        var node = pressluft.node();
        var before = Inventory.of(node);
        var broken = new BrokenNode(pressluft);
        Site site;
        try {
            // The reload is the last act of the apply; the database goes down with it.
            site = broken.requestWhileHeld("MariaDB dies late", """
                    mkdir -p /etc/systemd/system/nginx.service.d
                    printf '[Service]\\nExecReload=/usr/bin/systemctl stop mariadb.service\\n' \\
                        > /etc/systemd/system/nginx.service.d/e2e.conf
                    systemctl daemon-reload
                    """);
            var job = pressluft.api().settled(site.jobId(), Pressluft.SITE);
            Outcome.assertFailed(job, "proof_status", "Prove the front page");
            assertThat(job.path("failure").path("message").asString())
                    .contains("Left on the node: its database and database user. Everything else of the site is gone.");
            Outcome.assertServesNothing(pressluft, site, "proof_status");
        } finally {
            node.script("""
                    rm -f /etc/systemd/system/nginx.service.d/e2e.conf
                    rmdir --ignore-fail-on-non-empty /etc/systemd/system/nginx.service.d
                    systemctl daemon-reload
                    """ + DATABASE_BACK).require();
        }
        var note = "/etc/pressluft/environments/%s.left.json".formatted(site.environmentId());
        assertThat(node.run("cat", note).require().lines()).containsExactly("[\"database\"]");
        assertThat(EnvironmentTraces.all(node, site.environmentId()))
                .allSatisfy(trace -> assertThat(trace)
                        .containsAnyOf(
                                "database " + site.environmentId(), "user " + site.environmentId(), "grant for", note));

        pressluft.api().succeeded(pressluft.requestDeletion(site), Pressluft.SITE);
        assertThat(Inventory.of(node)).isEqualTo(before);
        assertThat(pressluft.siteNow(site).path("state").asString()).isEqualTo("deleted");
    }

    @Test
    void a_site_that_is_deleted_while_services_are_dead_is_gone_but_for_them(Pressluft pressluft) {
        var node = pressluft.node();
        pressluft.quietSite();
        var before = Inventory.of(node);
        var site = pressluft.createSite("Deleted without services");
        var broken = new BrokenNode(pressluft);
        String job;
        try {
            var failed = broken.deleteWhileHeld(site, "systemctl stop mariadb redis-server");
            job = failed.path("id").asString();
            Outcome.assertFailed(failed, "database_unavailable", "See that nothing is left");
            assertThat(failed.path("failure").path("message").asString())
                    .contains("its database and database user and its Redis user and keys");
            assertThat(pressluft.siteNow(site).path("state").asString()).isEqualTo("failed");
            assertThat(EnvironmentTraces.serving(node, site.environmentId())).isEmpty();
            assertThat(node.run("ls", "/var/www").require().lines()).doesNotContain(site.environmentId());
        } finally {
            node.script(DATABASE_BACK + REDIS_BACK).require();
        }
        retrySucceeds(pressluft, job);
        assertThat(Inventory.of(node)).isEqualTo(before);
    }

    @Test
    void a_site_that_is_deleted_while_nginx_refuses_its_configuration_serves_nothing(Pressluft pressluft) {
        var node = pressluft.node();
        var neighbour = pressluft.quietSite();
        var before = Inventory.of(node);
        var site = pressluft.createSite("Deleted beside a typing error");
        String job;
        try (var prober = Prober.of(pressluft, neighbour)) {
            var failed = new BrokenNode(pressluft).deleteWhileHeld(site, """
                            cp -a /etc/nginx/nginx.conf /root/e2e-nginx.conf
                            echo 'srever { listen 80; }' >> /etc/nginx/nginx.conf
                            """);
            job = failed.path("id").asString();
            Outcome.assertFailed(failed, "web_server_unavailable", "See that nothing is left");
            assertThat(Web.get(site.at("/")).status()).isGreaterThanOrEqualTo(400);
            assertThat(Inventory.of(node))
                    .as("all but a note is gone")
                    .filteredOn(line -> !before.contains(line))
                    .containsExactly("/etc/pressluft/environments/%s.left.json".formatted(site.environmentId()));
            assertThat(prober.figures(5).failures()).isEmpty();
        } finally {
            node.run("mv", "/root/e2e-nginx.conf", "/etc/nginx/nginx.conf").require();
        }
        retrySucceeds(pressluft, job);
        assertThat(Inventory.of(node)).isEqualTo(before);
        assertThat(List.of(Web.get(site.at("/")).status())).containsExactly(404);
    }

    private static void retrySucceeds(Pressluft pressluft, String jobId) {
        var retry = pressluft
                .api()
                .post("/api/jobs/%s/retry".formatted(jobId))
                .require(202)
                .json();
        pressluft.api().succeeded(retry.path("id").asString(), Pressluft.SITE);
    }
}
