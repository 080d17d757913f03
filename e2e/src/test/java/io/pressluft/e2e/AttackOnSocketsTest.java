package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services of the node that listen on sockets in its file system. */
@Order(20)
class AttackOnSocketsTest extends Attack {

    @ParameterizedTest(name = "unix://{0} cannot be reached")
    @ValueSource(
            strings = {
                "/run/dbus/system_bus_socket",
                "/run/systemd/private",
                "/run/systemd/userdb/io.systemd.DynamicUser",
                "/run/fail2ban/fail2ban.sock",
                "/run/pressluft-php/OTHER/php.sock",
                "/run/pressluft-gate/OTHER-mariadb.sock",
                "/run/pressluft-gate/OTHER-redis.sock"
            })
    void socket(String path) {
        var there = path.replace("OTHER", neighbours().victim().environmentId());
        neighbours().node().run("test", "-S", there).require();
        assertThat(web("return [dial('unix:///run/mysqld/mysqld.sock'), dial('unix://%s')];".formatted(there)))
                .containsExactly("connected", "refused: No such file or directory");
    }

    @Test
    void nothing_of_the_nodes_run_directory_is_there_but_what_wordpress_needs() {
        assertThat(web("return [entries('/run'), entries('/run/mysqld'), entries('/run/redis')];"))
                .containsExactly("mysqld redis systemd", "mysqld.sock", "redis-server.sock");
    }

    @Test
    void not_even_the_own_php_socket_can_be_given_orders_or_replaced() {
        assertThat(web("return [write('/tmp/attack'), dial('unix:///run/pressluft-php/' . OWN . '/php.sock'),"
                        + " write('/run/php.sock')];"))
                .containsExactly("written", "refused: No such file or directory", "refused: Read-only file system");
    }

    @Test
    void the_service_manager_takes_no_orders() {
        assertThat(web(
                        "return [sh('systemctl --version | head -n 1'), sh('systemd-run id'), sh('systemd-run --user id'),"
                                + " sh('busctl list'), sh('loginctl enable-linger')];"))
                .satisfiesExactly(
                        own -> assertThat(own).startsWith("0: systemd"),
                        system -> assertThat(system).startsWith("1: ").contains("Failed to connect to bus"),
                        user -> assertThat(user).startsWith("1: ").contains("Failed to connect to bus"),
                        bus -> assertThat(bus).startsWith("1: ").contains("Failed to connect to bus"),
                        linger -> assertThat(linger).startsWith("1: ").contains("Failed to connect to bus"));
    }

    @Test
    void a_forged_line_about_ssh_never_reaches_the_nodes_journal() {
        var mark = "forged-" + System.nanoTime();
        var node = neighbours().node();
        // After a flood the own journal takes nothing for some seconds.
        Await.until("the line is in the environments' journal", Duration.ofSeconds(30), () -> {
            assertThat(web("return [sh('logger -t sshd \"Failed password for root from 203.0.113.9 port 22 %s\"')];"
                            .formatted(mark)))
                    .containsExactly("0: ");
            return node.script("journalctl --namespace=environments --identifier=sshd --lines=50 --output=cat"
                                    + " | grep -q " + mark)
                            .exit()
                    == 0;
        });
        assertThat(node.script("journalctl --lines=2000 --output=cat | grep -c %s || true".formatted(mark))
                        .require()
                        .out()
                        .strip())
                .isEqualTo("0");
    }

    @Test
    void a_flood_of_lines_leaves_the_nodes_journal_alone() {
        var node = neighbours().node();
        var before = journal(node);
        assertThat(web("openlog('flood', 0, LOG_USER); $line = str_repeat('x', 4000);"
                        + " for ($i = 0; $i < 5000; $i++) { syslog(LOG_INFO, $line); } return [\"$i lines\"];"))
                .containsExactly("5000 lines");
        assertThat(journal(node)).isEqualTo(before);
        var kept = node.script("journalctl --namespace=environments --identifier=flood --output=cat | wc -l")
                .require()
                .out()
                .strip();
        assertThat(Integer.parseInt(kept)).isBetween(1, 2500);
    }

    @Test
    void journals_cannot_be_read() {
        assertThat(web("return [sh('journalctl --lines=1'), sh('journalctl --namespace=environments --lines=1')];"))
                .allSatisfy(said -> assertThat(said)
                        .startsWith("1: ")
                        .contains("No journal files were opened due to insufficient"));
    }

    private static String journal(NodeShell node) {
        return node.script("journalctl --output=cat | grep -c xxxxxxxx || true")
                .require()
                .out();
    }
}
