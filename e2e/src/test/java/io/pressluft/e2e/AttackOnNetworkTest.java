package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that a site has no business with, although the node can reach them. */
@Order(20)
class AttackOnNetworkTest extends Attack {

    private static final String REFUSED = "refused: No route to host";

    @Test
    void wordpress_still_reaches_its_own_web_server() {
        var preview = neighbours().pressluft().previewPort();
        assertThat(web("return [dial('tcp://127.0.0.1:80'), dial('tcp://127.0.0.1:%d'), dial('tcp://%s:80')];"
                        .formatted(preview, nodeAddress())))
                .containsExactly("connected", "connected", "connected");
    }

    @ParameterizedTest(name = "{0} cannot be reached")
    @ValueSource(
            strings = {
                "127.0.0.1:22",
                "127.0.0.2:22",
                "0.0.0.0:22",
                "NODE:22",
                "HOST:22",
                "HOST:80",
                "NEXT:22",
                "NEXT:80",
                "169.254.169.254:80",
                "10.0.0.1:443",
                "172.16.0.1:80",
                "192.168.0.1:80",
                "100.64.0.1:80",
                "[::ffff:10.0.0.1]:80"
            })
    void address(String address) {
        var node = nodeAddress();
        var host = gateway().substring(0, gateway().indexOf(':'));
        var there = address.replace("NODE", node).replace("HOST", host).replace("NEXT", next(node));
        assertThat(web("return [dial('tcp://127.0.0.1:80'), dial('tcp://%s')];".formatted(there)))
                .containsExactly("connected", REFUSED);
    }

    @Test
    void the_agents_gateway_cannot_be_reached_though_the_node_reaches_it() {
        var address = gateway().replace(":", "/");
        neighbours().node().script("exec 3<> /dev/tcp/" + address).require();
        assertThat(web("return [dial('tcp://%s')];".formatted(gateway()))).containsExactly(REFUSED);
        assertThat(jail("return [dial('tcp://%s')];".formatted(gateway()))).containsExactly(REFUSED);
    }

    @Test
    void api_and_dashboard_cannot_be_reached() {
        var host = gateway().substring(0, gateway().indexOf(':'));
        var api = neighbours().pressluft().api().base();
        assertThat(URI.create(api.toString()).getPort()).isPositive();
        assertThat(web("return [dial('tcp://%s:%d'), dial('tcp://127.0.0.1:%d')];"
                        .formatted(host, api.getPort(), api.getPort())))
                .containsExactly(REFUSED, REFUSED);
    }

    @Test
    void datagrams_are_refused_too() {
        var host = gateway().substring(0, gateway().indexOf(':'));
        assertThat(web(Sending.datagram("127.0.0.1", 7680) + Sending.datagram(host, 9999)
                        + Sending.datagram("169.254.169.254", 123) + "return $said;"))
                .containsOnly("Operation not permitted")
                .hasSize(3);
    }

    @Test
    void ports_of_services_cannot_be_taken() {
        var preview = neighbours().pressluft().previewPort();
        assertThat(web("""
                $answers = [];
                foreach ([0, 40123, 80, 443, 8080, %d] as $port) {
                    $socket = @stream_socket_server("tcp://127.0.0.2:$port", $number, $text);
                    $answers[] = $socket === false ? $text : 'taken';
                }
                return $answers;
                """.formatted(preview)))
                .containsExactly(
                        "taken",
                        "taken",
                        "Permission denied",
                        "Permission denied",
                        "Permission denied",
                        "Permission denied");
    }

    @Test
    void a_port_that_is_taken_is_not_reached_by_others() {
        assertThat(web("""
                $server = stream_socket_server('tcp://0.0.0.0:40124', $number, $text);
                return [$server ? 'listens' : $text, dial('tcp://127.0.0.1:40124')];
                """)).containsExactly("listens", REFUSED);
    }

    @Test
    void what_is_allowed_is_enforced_from_the_boot_on() {
        assertThat(neighbours()
                        .node()
                        .script("systemctl is-enabled pressluft-egress; systemctl is-active pressluft-egress")
                        .require()
                        .lines())
                .containsExactly("enabled", "active");
    }

    private String nodeAddress() {
        return neighbours()
                .pressluft()
                .api()
                .get("/api/nodes/" + neighbours().pressluft().nodeId())
                .require(200)
                .json()
                .path("privateAddress")
                .asString();
    }

    private String gateway() {
        return neighbours()
                .node()
                .script(
                        "python3 -c 'import json; print(json.load(open(\"/etc/pressluft-agent/agent.json\"))[\"gateway\"])'")
                .require()
                .out()
                .strip();
    }

    /** Where the next node of this network would be. */
    private static String next(String address) {
        int dot = address.lastIndexOf('.');
        return address.substring(0, dot + 1) + (Integer.parseInt(address.substring(dot + 1)) + 1);
    }

    /** PHP has no call that says why a datagram was not sent. */
    private static final class Sending {
        static String datagram(String host, int port) {
            return """
                    exec('python3 -c ' . escapeshellarg("import os, socket\\ntry:\\n    print(socket.socket(socket.AF_INET, "
                        . "socket.SOCK_DGRAM).sendto(b'x', ('%s', %d)))\\nexcept OSError as e:\\n    print(os.strerror(e.errno))"), $said);
                    """.formatted(host, port);
        }
    }
}
