package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Taking more than one's share, until it hurts the neighbour. Every bomb ends by itself after a bounded time. */
@Order(21)
class AttackWithBombsTest extends Attack {

    /** Long enough for the measurement, which ends earlier; then the bomb is cut short. */
    private static final int SECONDS = 20;

    /** Bounds the bomb: with five processes at work it is over after half a minute. */
    private static final int MOST_HOARDED = 24;

    private static ExecutorService threads;

    @BeforeAll
    static void prepare() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void tidy() {
        threads.close();
    }

    @AfterEach
    void the_attacker_recovers() {
        neighbours().awaitAttacker(Duration.ofSeconds(90));
    }

    @Test
    void a_fork_bomb_ends_at_its_own_limit() {
        assertKeeps("a fork bomb", """
                def bomb():
                    while running():
                        try:
                            os.fork()
                        except OSError:
                            pass
                bomb()
                """, "test \"$(tasks)\" -ge 100");
    }

    @Test
    void burning_the_processor_leaves_the_neighbour_its_share() {
        assertKeeps("burning processors", """
                for i in range(15):
                    if os.fork() == 0:
                        break
                while running():
                    pass
                """, "test \"$(tasks)\" -ge 12");
    }

    @Test
    void eating_memory_ends_in_the_own_slice() {
        assertKeeps("eating memory", """
                while running():
                    if os.fork() == 0:
                        eaten = []
                        while running():
                            eaten.append(bytearray(b'x') * (8 << 20))
                        os._exit(0)
                    os.wait()
                """, "test \"$(memory)\" -ge 400000000");
        neighbours()
                .node()
                .script(
                        "dmesg > /dev/null 2>&1 || true; systemctl is-active mariadb redis-server nginx pressluft-agent")
                .require();
    }

    @Test
    void writing_to_the_disk_all_the_time_leaves_the_neighbour_its_share() {
        assertKeeps("writing", """
                block = b'x' * (1 << 20)
                while running():
                    with open('/var/www/%s/shared/uploads/fill' % own, 'wb') as file:
                        for i in range(64):
                            file.write(block)
                        os.fsync(file.fileno())
                """, "test -s /var/www/$E/shared/uploads/fill");
    }

    @Test
    void connections_to_the_database_that_never_log_in_use_up_only_the_own_ones() {
        assertKeeps("hoarding connections", """
                hoard = []
                for path in ('/run/mysqld/mysqld.sock', '/run/redis/redis-server.sock'):
                    for i in range(900):
                        try:
                            one = socket.socket(socket.AF_UNIX)
                            one.settimeout(1)
                            one.connect(path)
                            hoard.append(one)
                        except OSError:
                            break
                open('/var/www/%s/shared/uploads/hoarded' % own, 'w').write(str(len(hoard)))
                while running():
                    time.sleep(0.1)
                """, "test -s /var/www/$E/shared/uploads/hoarded");
        var held = neighbours()
                .node()
                .script("mariadb -N -e \"SHOW STATUS LIKE 'Max_used_connections'\" | cut -f2")
                .require()
                .out()
                .strip();
        assertThat(Integer.parseInt(held)).isBetween(1, 200);
    }

    @Test
    void hoarding_php_requests_uses_up_only_the_own_ones() {
        new Pace(neighbours()).assertKeeps("hoarding requests", () -> {
            var requests = new ArrayList<Future<?>>();
            Runnable hoard = () -> requests.add(threads.submit(() -> quietly("sleep(6); return ['slept'];")));
            for (int i = 0; i < 12; i++) {
                hoard.run();
            }
            // PHP-FPM may start one process for several connections that come at once; a later connection makes it look
            // again.
            Await.until("every PHP process of the attacker is busy", Duration.ofSeconds(15), () -> {
                var all = measured(
                        neighbours().attacker().environmentId(),
                        "test \"$(pgrep --count --uid $E --full 'php-fpm: pool')\" -ge 5");
                if (!all && requests.size() < MOST_HOARDED) {
                    hoard.run();
                }
                return all;
            });
            return () -> requests.forEach(AttackWithBombsTest::await);
        });
    }

    @Test
    void connections_to_the_web_server_are_limited() {
        var port = neighbours().pressluft().previewPort();
        var said = web("""
                $held = [];
                for ($i = 0; $i < 200; $i++) {
                    $one = @stream_socket_client('tcp://127.0.0.1:%d', $number, $text, 1);
                    if ($one === false) { break; }
                    $held[] = $one;
                }
                return [(string) count($held), $text];
                """.formatted(port));
        assertThat(Integer.parseInt(said.getFirst())).isBetween(30, 64);
        assertThat(said.getLast()).isEqualTo("No route to host");
    }

    @Test
    void database_connections_that_log_in_are_limited() {
        var said = web("""
                $held = [];
                try {
                    for ($i = 0; $i < 100; $i++) { $held[] = database(); }
                    return [(string) count($held), 'no limit'];
                } catch (mysqli_sql_exception $refusal) {
                    return [(string) count($held), $refusal->getMessage()];
                }
                """);
        assertThat(Integer.parseInt(said.getFirst())).isBetween(5, 24);
        assertThat(said.getLast()).containsAnyOf("max_user_connections", "gone away", "Lost connection");
    }

    @Test
    void open_files_are_limited() {
        var said = web("""
                $held = [];
                while (count($held) < 10000 && ($one = @fopen('/dev/null', 'r')) !== false) { $held[] = $one; }
                $count = count($held);
                $held = [];
                return [(string) $count];
                """);
        assertThat(Integer.parseInt(said.getFirst())).isBetween(500, 2048);
    }

    @Test
    void temporary_space_is_the_own_and_bounded() {
        var node = neighbours().node();
        var before = free(node);
        assertThat(web("""
                $said = [sh('head -c 1000000000 /dev/zero > /tmp/fill'), sh('head -c 1000000000 /dev/zero > /dev/shm/fill'),
                    sh('head -c 1000000000 /dev/zero > /var/tmp/fill')];
                array_map('unlink', ['/tmp/fill', '/dev/shm/fill', '/var/tmp/fill']);
                return $said;
                """))
                .hasSize(3)
                .allSatisfy(said -> assertThat(said).startsWith("1: ").endsWith("No space left on device"));
        assertThat(free(node)).isGreaterThan(before - 200_000);
    }

    @Test
    void temporary_files_are_bounded_in_number() {
        var said = web("""
                mkdir('/tmp/many');
                for ($i = 0; $i < 50000 && @touch("/tmp/many/$i"); $i++) { }
                $said = [(string) $i, reason()];
                exec('rm -rf /tmp/many');
                return $said;
                """);
        assertThat(Integer.parseInt(said.getFirst())).isBetween(1000, 20_000);
        assertThat(said.getLast()).endsWith("No space left on device");
    }

    /** Runs the Python lines in the jail until the measurement is done; {@code own} and {@code running()} are given. */
    private void assertKeeps(String what, String python, String inEffect) {
        var environment = neighbours().attacker().environmentId();
        new Pace(neighbours()).assertKeeps(what, () -> {
            web("foreach (['fill', 'hoarded', 'stop'] as $name) @unlink('/var/www/' . OWN . \"/shared/uploads/$name\");"
                    + " return ['clean'];");
            var bomb = threads.submit(() -> quietly(code(python)));
            Await.until(what + " has begun", Duration.ofSeconds(15), () -> measured(environment, inEffect));
            return () -> {
                neighbours()
                        .node()
                        .script("touch /var/www/%1$s/shared/uploads/stop".formatted(environment))
                        .require();
                await(bomb);
                Await.until(
                        what + " has ended",
                        Duration.ofSeconds(60),
                        () -> measured(
                                environment,
                                "test \"$(tasks)\" -lt 12 && rm -f /var/www/$E/shared/uploads/{stop,fill,hoarded}"));
            };
        });
    }

    private static String code(String python) {
        return """
                $python = <<<'PYTHON'
                import os, pwd, socket, time
                own = pwd.getpwuid(os.getuid()).pw_name
                end = time.monotonic() + %d
                def running():
                    return time.monotonic() < end and not os.path.exists('/var/www/%%s/shared/uploads/stop' %% own)
                %s
                PYTHON;
                exec('python3 -c ' . escapeshellarg($python) . ' 2>&1', $said);
                return $said;
                """.formatted(SECONDS, python.stripTrailing().indent(0).stripTrailing());
    }

    private boolean measured(String environment, String condition) {
        return neighbours().node().script("""
                                E=%s
                                tasks() { systemctl show --property=TasksCurrent --value "env-$E.slice"; }
                                memory() { systemctl show --property=MemoryCurrent --value "env-$E.slice"; }
                                %s
                                """.formatted(environment, condition)).exit() == 0;
    }

    /** The bomb may take its own request with it. */
    private void quietly(String code) {
        try {
            neighbours().web(code);
        } catch (AssertionError e) {
            System.out.println("the attacker's own request ended: " + e.getMessage());
        }
    }

    private static void await(Future<?> one) {
        try {
            one.get(2, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the bomb did not end", e);
        }
    }

    private static long free(NodeShell node) {
        return Long.parseLong(
                node.script("df --output=avail / | tail -n 1").require().out().strip());
    }
}
