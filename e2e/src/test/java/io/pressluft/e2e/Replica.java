package io.pressluft.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A second control plane process over the PostgreSQL and the Redis of the first, with the same master key. The first has
 * both servers and the local node as its children; so it is this one that an agent is led to, and that dies.
 */
final class Replica {

    private static final Duration MOVED = Duration.ofSeconds(60);
    private static final String CONFIG = "/etc/pressluft-agent/agent.json";
    private static final String ORIGINAL = "/root/e2e-agent.json";
    private static final Pattern GATEWAY = Pattern.compile("(\"gateway\": *\"([^\":]+):[0-9]+)\"");

    private final Pressluft first;
    private final ControlPlane process;

    /** Where the log of the last start begins. */
    private int begun;

    private boolean unheard;

    Replica(Pressluft first, ControlPlane process) {
        this.first = first;
        this.process = process;
    }

    /** Starts it and returns when the node's agent has its stream there. From then on the agent may go to either. */
    void takeAgent(FaultNode node) {
        // It stops before its line to the first is cut, or that one would go on dispatching into a stream of nobody's.
        move(node, "systemctl stop pressluft-agent; iptables -I %s; systemctl start pressluft-agent");
    }

    /** The same, and the first does not notice that the agent has gone. */
    void takeAgentUnnoticed(FaultNode node) {
        move(node, "iptables -I %s; systemctl restart pressluft-agent");
    }

    private void move(FaultNode node, String how) {
        start();
        node.shell("cp -a %s %s".formatted(CONFIG, ORIGINAL));
        var known = node.shell("cat " + CONFIG).out();
        var gateway = GATEWAY.matcher(known);
        if (!gateway.find()) {
            throw new AssertionError("agent.json names no single gateway: " + known);
        }
        first.node().write(CONFIG, gateway.replaceFirst("$1,$2:%d\"".formatted(gatewayPort())));
        var refused = refusing(first.controlPlane());
        try {
            node.shell(how.formatted(refused));
            Await.until(
                    "the agent is at the replica",
                    MOVED,
                    () -> said(Pattern.compile("node=%s agent connected".formatted(first.nodeId()))));
        } finally {
            node.shell("iptables -D " + refused);
        }
    }

    /** Nothing that it sends reaches the node any more. */
    void silence(FaultNode node) {
        node.shell("iptables -I " + silencing());
        unheard = true;
    }

    /** As the node was before {@link #takeAgent}; whatever is left of the replica ends. */
    void giveBack(FaultNode node) {
        kill();
        if (unheard) {
            node.shell("iptables -D " + silencing());
            unheard = false;
        }
        node.shell("""
                if test -e %1$s; then
                  mv %1$s %2$s
                  systemctl restart pressluft-agent
                fi
                """.formatted(ORIGINAL, CONFIG));
    }

    private void start() {
        begun = log().size();
        try {
            Files.createDirectories(process.data());
            for (var shared : List.of("master.key", "operator.token")) {
                Files.copy(
                        first.controlPlane().data().resolve(shared),
                        process.data().resolve(shared),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new AssertionError("the replica cannot be given what it shares", e);
        }
        var environment = new HashMap<>(first.database().environment());
        environment.putAll(first.broker().environment());
        process.start(environment);
    }

    /** As kill -9 does. */
    void kill() {
        if (process.running()) {
            process.kill();
        }
    }

    Api api() {
        return first.api().at(process.about().path("url").asString());
    }

    /** Whether it was this one that gave the job to the agent. */
    boolean dispatched(String jobId) {
        return transition(jobId, "dispatched");
    }

    /** Whether it was this one that the agent told that it works on the job. */
    boolean heardOf(String jobId) {
        return transition(jobId, "running");
    }

    private boolean transition(String jobId, String state) {
        return said(Pattern.compile("job=%s .* to=%s ".formatted(jobId, state)));
    }

    private String silencing() {
        return "INPUT -p tcp --sport %d ! -i lo -j DROP".formatted(gatewayPort());
    }

    /** Who dials it is refused, and who has a connection loses it. */
    String refusing() {
        return refusing(process);
    }

    private static String refusing(ControlPlane plane) {
        return "OUTPUT -p tcp --dport %d -j REJECT --reject-with tcp-reset"
                .formatted(plane.about().path("gatewayPort").asInt());
    }

    private int gatewayPort() {
        return process.about().path("gatewayPort").asInt();
    }

    private boolean said(Pattern words) {
        return log().stream().skip(begun).anyMatch(line -> words.matcher(line).find());
    }

    private List<String> log() {
        if (!Files.exists(process.log())) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(process.log(), StandardCharsets.UTF_8)) {
            return lines.toList();
        } catch (IOException e) {
            throw new AssertionError("the replica's log cannot be read", e);
        }
    }
}
