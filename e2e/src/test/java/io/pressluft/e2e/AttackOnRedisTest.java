package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis is one server for all environments of a node. */
@Order(20)
class AttackOnRedisTest extends Attack {

    private static final String KEY = "NOPERM this user has no permissions to access one of the keys used as arguments";
    private static final String CHANNEL =
            "NOPERM this user has no permissions to access one of the channels used as arguments";
    private static final String ADMINISTRATION = """
            P=$(python3 -c 'import json; print(json.load(open("/etc/pressluft/redis.json"))["admin_password"])')
            R="redis-cli -s /run/redis/redis-server.sock --user pressluft --pass $P --no-auth-warning"
            """;

    @BeforeEach
    void the_neighbour_has_a_key() {
        var neighbour = neighbours().victim().environmentId();
        neighbours()
                .node()
                .script(ADMINISTRATION + "$R SET %s:secret hidden > /dev/null".formatted(neighbour))
                .require();
    }

    @ParameterizedTest(name = "{0} OTHER is refused")
    @ValueSource(
            strings = {
                "GET OTHER:secret",
                "SET OTHER:secret x",
                "DEL OTHER:secret",
                "EXISTS OTHER:secret",
                "RENAME OWN:a OTHER:secret",
                "COPY OTHER:secret OWN:b",
                "OBJECT ENCODING OTHER:secret",
                "DUMP OTHER:secret",
                "EXPIRE OTHER:secret 1",
                "BLPOP OTHER:list 1",
                "MEMORY USAGE OTHER:secret"
            })
    void foreign_key(String command) {
        assertThat(said(command)).isEqualTo("refused: " + KEY);
        assertThat(neighboursSecret()).isEqualTo("hidden");
    }

    @ParameterizedTest(name = "{0} is refused")
    @ValueSource(strings = {"PUBLISH OTHER:news x", "SUBSCRIBE OTHER:news"})
    void foreign_channel(String command) {
        assertThat(said(command)).isEqualTo("refused: " + CHANNEL);
    }

    @ParameterizedTest(name = "{0} is not allowed")
    @ValueSource(
            strings = {
                "SCAN 0",
                "KEYS *",
                "RANDOMKEY",
                "DBSIZE",
                "EVAL return(1) 0",
                "EVALSHA 0 0",
                "FUNCTION LIST",
                "SCRIPT FLUSH",
                "CONFIG GET *",
                "CONFIG SET dir /tmp",
                "ACL LIST",
                "ACL SETUSER attack on",
                "FLUSHALL",
                "FLUSHDB",
                "SELECT 1",
                "SWAPDB 0 1",
                "INFO",
                "MONITOR",
                "CLIENT LIST",
                "CLIENT KILL TYPE normal",
                "CLIENT PAUSE 1000",
                "CLIENT TRACKING on BCAST",
                "CLIENT NO-EVICT on",
                "SAVE",
                "SHUTDOWN NOSAVE",
                "REPLICAOF 203.0.113.9 6379",
                "MIGRATE 203.0.113.9 6379 key 0 1",
                "MODULE LIST",
                "MEMORY STATS",
                "SLOWLOG GET",
                "LATENCY LATEST",
                "PUBSUB CHANNELS",
                "SORT OWN:a BY nosort GET OTHER:*"
            })
    void command(String command) {
        assertThat(said(command)).startsWith("refused: NOPERM this user has no permissions to run the '");
        assertThat(neighboursSecret()).isEqualTo("hidden");
    }

    @Test
    void sleeping_is_nothing_a_client_can_tell_the_server_to_do() {
        assertThat(said("DEBUG SLEEP 1")).startsWith("refused: ");
    }

    @Test
    void nobody_else_is_become() {
        assertThat(web("return [ask('AUTH', OWN, 'wrong'), ask('AUTH', 'default', ''), ask('AUTH', 'pressluft', ''),"
                        + " ask('AUTH', OTHER, ''), ask('PING')];"))
                .satisfies(said -> {
                    assertThat(said.subList(0, 4)).allMatch(one -> one.startsWith("refused: WRONGPASS"));
                    assertThat(said.getLast()).startsWith("said: ");
                });
    }

    @Test
    void answers_that_nobody_reads_do_not_push_the_neighbours_data_out() {
        assertThat(web("""
                redis()->rawCommand('SET', OWN . ':big', str_repeat('x', 1 << 20));
                $redis = redis();
                $socket = stream_socket_client('unix:///run/redis/redis-server.sock');
                preg_match("/WP_REDIS_PASSWORD', \\\\['[^']*', '([^']*)'/", file_get_contents('/var/www/' . OWN . '/shared/wp-config.php'), $found);
                fwrite($socket, 'AUTH ' . OWN . " $found[1]\\r\\n");
                $first = trim(fgets($socket));
                stream_set_blocking($socket, false);
                for ($i = 0; $i < 20000; $i++) { if (@fwrite($socket, 'GET ' . OWN . ":big\\r\\n") === false) break; }
                return [$first];
                """)).containsExactly("+OK");
        assertThat(neighboursSecret()).isEqualTo("hidden");
    }

    /** The answer to a command, after one that works. */
    private String said(String command) {
        var words = Arrays.stream(command.split(" "))
                .map(word -> "str_replace(['OWN:', 'OTHER:'], [OWN . ':', OTHER . ':'], '" + word + "')")
                .collect(Collectors.joining(", "));
        var said = web("return [ask('SET', OWN . ':a', '1'), ask('GET', OWN . ':a'), ask(%s)];".formatted(words));
        assertThat(said.subList(0, 2)).containsExactly("said: true", "said: \"1\"");
        return said.getLast();
    }

    private String neighboursSecret() {
        var neighbour = neighbours().victim().environmentId();
        return neighbours()
                .node()
                .script(ADMINISTRATION + "$R GET %s:secret".formatted(neighbour))
                .require()
                .out()
                .strip();
    }
}
