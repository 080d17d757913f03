package io.pressluft.controlplane.node;

import io.pressluft.controlplane.settings.Instance;
import io.pressluft.controlplane.settings.SettingKey;
import io.pressluft.controlplane.settings.Settings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Where a node finds the agent gateway, and from where the control plane comes to it. */
@Component
class GatewayAddress {

    private static final String ADVERTISE =
            "Set gateway-address to a host and port that nodes reach, then retry the job.";

    private final Settings settings;
    private final Instance instance;

    GatewayAddress(Settings settings, Instance instance) {
        this.settings = settings;
        this.instance = instance;
    }

    /**
     * @param gateway one or more {@code host:port} separated by commas, an IPv6 host in brackets
     * @param controlPlane the address with which this host dials the node, never to be banned; empty where the sources name it
     * @param sshSources who may dial the node's SSH port
     */
    record Way(String gateway, String controlPlane, List<String> sshSources) {

        /** Each gateway as host and port, as Ansible waits for it. */
        List<Map<String, Object>> places() {
            return Arrays.stream(gateway.split(","))
                    .map(one -> Map.<String, Object>of("host", host(one), "port", port(one)))
                    .toList();
        }

        boolean anyOnLoopback() {
            return Arrays.stream(gateway.split(",")).map(Way::host).anyMatch(GatewayAddress::loopback);
        }

        private static String host(String one) {
            return one.substring(0, one.lastIndexOf(':')).replaceAll("[\\[\\]]", "");
        }

        private static int port(String one) {
            return Integer.parseInt(one.substring(one.lastIndexOf(':') + 1));
        }
    }

    /** @throws NodeException when a remote node could not reach what would be advertised to it */
    Way from(Node node, String address) {
        var own = towards(address);
        var gateway = settings.find(SettingKey.GATEWAY_ADDRESS).orElse(bracketed(own) + ":" + instance.gatewayPort());
        if (node.source().equals("local")) {
            return new Way(gateway, "", List.of(own + "/32"));
        }
        var way = new Way(gateway, own, List.of("0.0.0.0/0", "::/0"));
        if (way.anyOnLoopback()) {
            throw NodeException.gatewayUnreachable(
                    "The gateway address %s is this host's own loopback; a remote node cannot reach it."
                            .formatted(gateway),
                    ADVERTISE);
        }
        return way;
    }

    private static boolean loopback(String host) {
        if (host.equalsIgnoreCase("localhost")
                || host.toLowerCase(java.util.Locale.ROOT).endsWith(".localhost")) {
            return true;
        }
        try {
            var literal = InetAddress.ofLiteral(host);
            return literal.isLoopbackAddress() || literal.isAnyLocalAddress();
        } catch (IllegalArgumentException e) {
            return false; // a name; the playbook tries it from the node
        }
    }

    /** The kernel chooses the way and with it the address; nothing is sent. */
    private static String towards(String address) {
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), 9));
            return socket.getLocalAddress().getHostAddress().replaceAll("%.*", "");
        } catch (IOException | java.io.UncheckedIOException e) {
            throw NodeException.gatewayUnreachable("This host has no way to %s.".formatted(address), ADVERTISE);
        }
    }

    private static String bracketed(String address) {
        return address.indexOf(':') < 0 ? address : "[" + address + "]";
    }
}
