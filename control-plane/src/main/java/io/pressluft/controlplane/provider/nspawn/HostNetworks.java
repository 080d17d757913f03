package io.pressluft.controlplane.provider.nspawn;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which IPv4 networks this host uses, and which of them through one interface. */
final class HostNetworks {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HostCommands commands;

    HostNetworks(HostCommands commands) {
        this.commands = commands;
    }

    /** Addresses and routes of all tables, except the default route and those of the named interface. */
    List<Subnet> inUseExcept(String device) {
        List<Subnet> networks = new ArrayList<>();
        for (JsonNode link : JSON.readTree(commands.check("ip", "-json", "-4", "address", "show"))) {
            if (!link.path("ifname").asString("").equals(device)) {
                for (JsonNode address : link.path("addr_info")) {
                    networks.add(Subnet.parse(address.path("local").asString() + "/"
                            + address.path("prefixlen").asInt()));
                }
            }
        }
        for (JsonNode route : JSON.readTree(commands.check("ip", "-json", "-4", "route", "show", "table", "all"))) {
            String destination = route.path("dst").asString("default");
            if (!destination.equals("default")
                    && !route.path("dev").asString("").equals(device)) {
                networks.add(Subnet.parse(destination));
            }
        }
        return networks;
    }
}
