package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Disks without room, damaged files and a wrong clock: one job fails with its cause, is undone, and nobody else notices. */
@Order(10)
@ExtendWith(OneNode.class)
class BrokenMachineTest {

    /** The same files on a file system of its own, which can be filled without harm to the host. */
    private static final String SMALL_SITES = """
            mkdir -p /mnt/e2e
            mount -t tmpfs -o mode=755,size=$(($(du -sm /var/www | cut -f1) + 100))m tmpfs /mnt/e2e
            cp -a /var/www/. /mnt/e2e/
            mount --bind /mnt/e2e /var/www
            """;

    private static final String OWN_DISK_AGAIN = """
            mountpoint -q /var/www && umount /var/www
            umount /mnt/e2e && rmdir /mnt/e2e
            """;

    @Test
    void a_full_disk_where_releases_go_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "No room for a release",
                        // What remains is enough for settings and too little for themes.
                        SMALL_SITES + """
                        left=$(df --output=avail -k /var/www | tail -1)
                        dd if=/dev/zero of=/var/www/.artifacts/.e2e-fill bs=1k count=$((left - 2048)) status=none
                        """,
                        OWN_DISK_AGAIN,
                        "disk_full",
                        "Link the release",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.BEFORE_MENDING));
    }

    @Test
    void a_disk_that_is_full_to_the_last_byte_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "No room for anything",
                        SMALL_SITES + "cat /dev/zero > /var/www/.artifacts/.e2e-fill 2>/dev/null || true",
                        OWN_DISK_AGAIN,
                        "disk_full",
                        "Write the directories, limits and settings",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.BEFORE_MENDING));
    }

    @Test
    void a_disk_without_inodes_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "No inodes left",
                        SMALL_SITES + """
                        used=$(df --output=iused /var/www | tail -1)
                        mount -o remount,nr_inodes=$((used + 500)) /mnt/e2e
                        """,
                        OWN_DISK_AGAIN,
                        "inodes_exhausted",
                        "Link the release",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.BEFORE_MENDING));
    }

    @Test
    void a_missing_artifact_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "Nothing to link from",
                        "cd /var/www/.artifacts && for one in wordpress-*[0-9]; do mv $one .e2e-$one; done",
                        "cd /var/www/.artifacts && for one in .e2e-wordpress-*; do mv $one ${one#.e2e-}; done",
                        "artifact_missing",
                        "Link the release",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.BEFORE_MENDING));
    }

    @Test
    void an_artifact_that_lost_a_file_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "A file is gone",
                        "cd /var/www/.artifacts/wordpress-*[0-9]/ && mv wp-login.php ../.e2e-saved",
                        "cd /var/www/.artifacts/wordpress-*[0-9]/ && mv ../.e2e-saved wp-login.php",
                        "artifact_corrupt",
                        "Link the release",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.BEFORE_MENDING));
    }

    /** As many files as before. The neighbours' are links to the old one. */
    @Test
    void an_artifact_with_a_changed_file_fails_the_job(Pressluft pressluft) {
        new BrokenNode(pressluft)
                .fails(new Fault(
                        "A file is damaged",
                        """
                        cd /var/www/.artifacts/wordpress-*[0-9]/
                        mv wp-login.php ../.e2e-saved
                        head -c 1000 ../.e2e-saved > wp-login.php
                        """,
                        "cd /var/www/.artifacts/wordpress-*[0-9]/ && mv ../.e2e-saved wp-login.php",
                        "artifact_corrupt",
                        "Link the release",
                        Fault.Neighbour.KEEPS_ANSWERING,
                        Fault.Looks.BEFORE_MENDING));
    }

    @Test
    void what_a_crash_left_half_written_does_not_stop_a_job(Pressluft pressluft) {
        var neighbour = pressluft.quietSite();
        Outcome.refreshReadiness(pressluft);
        // As after a power failure between the steps of a creation: half a configuration, half a release, no link.
        var site =
                new BrokenNode(pressluft).requestWhileHeld("After a crash", """
                mkdir -p /var/www/$E/shared /var/www/$E/releases
                head -c 700 /var/www/%1$s/shared/wp-config.php > /var/www/$E/shared/wp-config.php
                mkdir -p /var/www/$E/releases/.20261121T000000Z.building/wp-content
                head -c 100 /etc/pressluft/environments/%1$s.json > /etc/pressluft/environments/.pressluft-half
                mariadb -e "CREATE DATABASE $E"
                """.formatted(neighbour.environmentId()));
        try (var prober = Prober.of(pressluft, neighbour)) {
            pressluft.api().succeeded(site.jobId(), Pressluft.SITE);
            pressluft.assertServes(site);
            assertThat(prober.figures(1).failures()).isEmpty();
        } finally {
            pressluft
                    .node()
                    .run("rm", "-f", "/etc/pressluft/environments/.pressluft-half")
                    .require();
        }
        var owned = pressluft
                .node()
                .run("stat", "-c", "%a %U %G", "/var/www/%s/shared/wp-config.php".formatted(site.environmentId()))
                .require();
        assertThat(owned.lines()).containsExactly("640 root " + site.environmentId());
    }

    /** A container has its host's clock, so the probe is made to say what it would on a machine whose clock is off. */
    @Test
    void a_node_with_a_wrong_clock_is_refused_before_a_job_exists(Pressluft pressluft) {
        var neighbour = pressluft.quietSite();
        Outcome.refreshReadiness(pressluft);
        pressluft.node().script("""
                cp -a /usr/local/lib/pressluft/probe /root/e2e-probe
                sed -i 's#time.time_ns() // 1_000_000#time.time_ns() // 1_000_000 + 3_600_000#' /usr/local/lib/pressluft/probe
                ! cmp -s /root/e2e-probe /usr/local/lib/pressluft/probe
                """).require();
        try (var prober = Prober.of(pressluft, neighbour)) {
            Outcome.refreshReadiness(pressluft);
            var refused = pressluft.api().post("/api/sites", pressluft.wanted("too-late", "Too late"));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.json().path("code").asString()).isEqualTo("node_not_ready");
            assertThat(refused.json().path("details").toString()).contains("clock_skewed");
            assertThat(pressluft.api().get("/api/sites").body()).doesNotContain("too-late");
            assertThat(prober.figures(5).failures()).isEmpty();
        } finally {
            pressluft
                    .node()
                    .run("mv", "/root/e2e-probe", "/usr/local/lib/pressluft/probe")
                    .require();
            Outcome.refreshReadiness(pressluft);
        }
        pressluft.assertServes(pressluft.createSite("On time again"));
    }
}
