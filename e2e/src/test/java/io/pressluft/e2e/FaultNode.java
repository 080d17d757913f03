package io.pressluft.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node whose runs stop where a fault is to strike and write down each effect: lines added to its copy of the callback
 * plugin, which every run loads.
 */
final class FaultNode implements AutoCloseable {

    private static final String RELEASE = "/opt/pressluft-agent/current/ansible/";
    private static final String PLUGIN = RELEASE + "plugins/callback/pressluft.py";
    private static final String WHOLE = "/root/e2e-whole";
    private static final String ORIGINAL = "/root/e2e-pressluft.py";
    private static final String HISTORY = "/var/lib/e2e-history";
    private static final Duration REACHED = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Pressluft pressluft;

    /**
     * A step that was allowed to have its effect.
     *
     * @param highest token of the site on this node at that moment
     * @param lease until when the run was allowed to go on, like {@code boot} in milliseconds since the boot
     */
    record Effect(String site, long token, long highest, long lease, long boot, int ordinal, String name) {}

    FaultNode(Pressluft pressluft) {
        this.pressluft = pressluft;
        shell("cp -a %s %s".formatted(PLUGIN, ORIGINAL));
        pressluft.node().write("/root/e2e-breakpoints.py", text("/faults/breakpoints.py"));
        shell("cat /root/e2e-breakpoints.py >> " + PLUGIN);
        forgetPlugin();
    }

    /** Changes a file of the agent's release: what the product then fails to do, the matrix has to notice. */
    void mutate(FaultMutant mutant) {
        var file = RELEASE + mutant.file();
        shell("cp -a %s %s".formatted(file, WHOLE));
        var whole = shell("cat " + file).out();
        if (!whole.contains(mutant.before())) {
            throw new AssertionError("%s has no such line: %s".formatted(file, mutant.before()));
        }
        pressluft.node().write(file, whole.replace(mutant.before(), mutant.after()));
        forgetPlugin();
    }

    /** As it was before {@link #mutate}. */
    void mend(FaultMutant mutant) {
        shell("mv %s %s%s".formatted(WHOLE, RELEASE, mutant.file()));
        forgetPlugin();
    }

    /** The resident Ansible has the plugin in memory. */
    private void forgetPlugin() {
        shell("systemctl stop pressluft-ansible.service");
    }

    /** The next run of a job's change stops there. */
    void holdAt(FaultPoint point) {
        shell("rm -f /run/e2e-held; echo %s %d > /run/e2e-hold"
                .formatted(point.when().text(), point.ordinal()));
    }

    /** The next run takes all memory it gets there. */
    void starveAt(FaultPoint point) {
        shell("rm -f /run/e2e-held; echo %s %d eat > /run/e2e-hold"
                .formatted(point.when().text(), point.ordinal()));
    }

    void awaitHeld() {
        Await.until(
                "a run is where the fault is to strike",
                REACHED,
                () -> pressluft.node().run("test", "-e", "/run/e2e-held").exit() == 0);
    }

    void release() {
        shell("rm -f /run/e2e-held /run/e2e-hold");
    }

    void clearHistory() {
        shell("rm -f " + HISTORY);
    }

    List<Effect> history() {
        return pressluft.node().script("cat %s 2>/dev/null || true".formatted(HISTORY)).require().lines().stream()
                .map(JSON::readTree)
                .map(FaultNode::effect)
                .toList();
    }

    private static Effect effect(JsonNode line) {
        return new Effect(
                line.path("site").asString(),
                line.path("token").asLong(),
                line.path("highest").asLong(),
                line.path("lease").asLong(),
                line.path("boot").asLong(),
                line.path("ordinal").asInt(),
                line.path("name").asString());
    }

    /** Runs the lines on the node; they must succeed. */
    Commands.Result shell(String lines) {
        return pressluft.node().script(lines).require();
    }

    private static String text(String resource) {
        try (var in = FaultNode.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        shell("mv %s %s; rm -f /root/e2e-breakpoints.py /run/e2e-held /run/e2e-hold %s"
                .formatted(ORIGINAL, PLUGIN, HISTORY));
        forgetPlugin();
    }
}
