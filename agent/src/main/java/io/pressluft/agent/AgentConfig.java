package io.pressluft.agent;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What provisioning wrote to agent.json.
 *
 * @param gateways where the gateways of the control plane's replicas are, as this node reaches them
 * @param stateDirectory identity, tokens and journal
 * @param releaseDirectory the agent's release, whose {@code ansible/} runs are made from
 * @param configDirectory of agent.json itself: the gateway's authority and the enrolment token lie there too
 * @param ansiblePlaybook the command
 * @param webHost where the node's web server answers, and on which port
 * @param runsAtOnce how many runs there may be at one time
 * @param runMemoryMb what a run and all its processes may take
 */
public record AgentConfig(
        String nodeId,
        List<Address> gateways,
        Path stateDirectory,
        Path releaseDirectory,
        Path configDirectory,
        String ansiblePlaybook,
        String webHost,
        int webPort,
        int runsAtOnce,
        int runMemoryMb) {

    private static final Pattern NODE_ID = Pattern.compile("node_[a-z0-9]{12}");
    private static final int HIGHEST_PORT = 65_535;
    private static final int MOST_GATEWAYS = 8;
    private static final int HTTP = 80;
    private static final int RUNS_AT_ONCE = 4;
    private static final int RUN_MEMORY_MB = 1024;

    /** Where something answers. */
    public record Address(String host, int port) {

        static Address of(String text) {
            return new Address(AgentConfig.host(text), AgentConfig.port(text));
        }

        boolean possible() {
            return !host.isEmpty() && port > 0 && port <= HIGHEST_PORT;
        }
    }

    public AgentConfig {
        require(NODE_ID.matcher(nodeId).matches(), "nodeId must be node_ and 12 of a-z, 0-9");
        gateways = List.copyOf(gateways);
        require(
                !gateways.isEmpty()
                        && gateways.size() <= MOST_GATEWAYS
                        && gateways.stream().allMatch(Address::possible),
                "gateway must be one to eight of host:port, separated by commas");
        require(!webHost.isEmpty() && webPort > 0 && webPort <= HIGHEST_PORT, "webAddress must be host:port");
        require(runsAtOnce > 0, "runsAtOnce must be at least 1");
        require(stateDirectory.isAbsolute(), "stateDirectory must be absolute");
        require(releaseDirectory.isAbsolute(), "releaseDirectory must be absolute");
    }

    /** @throws IllegalArgumentException when the file says nonsense */
    static AgentConfig read(Path file) throws IOException {
        try {
            var json = JsonParser.object().from(Files.readString(file));
            var gateway = text(json, "gateway", "");
            var web = text(json, "webAddress", "127.0.0.1:" + HTTP);
            var directory = file.toAbsolutePath().getParent();
            return new AgentConfig(
                    text(json, "nodeId", ""),
                    Arrays.stream(gateway.split(",", -1)).map(Address::of).toList(),
                    Path.of(text(json, "stateDirectory", "/var/lib/pressluft-agent")),
                    Path.of(text(json, "releaseDirectory", "/opt/pressluft-agent/current")),
                    directory == null ? Path.of("/") : directory,
                    text(json, "ansiblePlaybook", "/usr/bin/ansible-playbook"),
                    host(web),
                    port(web),
                    json.getInt("runsAtOnce", RUNS_AT_ONCE),
                    json.getInt("runMemoryMb", RUN_MEMORY_MB));
        } catch (JsonParserException e) {
            throw new IllegalArgumentException(file + " is not JSON: " + e.getMessage(), e);
        }
    }

    private static String text(JsonObject json, String name, String otherwise) {
        var value = json.getString(name, otherwise);
        return value == null ? otherwise : value;
    }

    private static String host(String address) {
        return address.substring(0, Math.max(0, address.lastIndexOf(':')));
    }

    private static int port(String address) {
        try {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static void require(boolean fulfilled, String message) {
        if (!fulfilled) {
            throw new IllegalArgumentException("agent.json: " + message);
        }
    }
}
