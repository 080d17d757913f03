package io.pressluft.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
     * @param phase apply, commit or undo
     * @param highest token of the site on this node at that moment; absent when its file cannot be read
     * @param lease until when the run was allowed to go on, like {@code boot} in milliseconds since the boot; an undo
     *     needs none
     */
    record Effect(
            String phase,
            String site,
            long token,
            @Nullable Long highest,
            @Nullable Long lease,
            long boot,
            int ordinal,
            String name) {}

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

    /** The next run that comes to the point stops there. */
    void holdAt(FaultPoint point) {
        order(point.words());
    }

    /** The same at a step that says it began so long before it did. */
    void holdAgedAt(FaultPoint point, Duration age) {
        order(point.words() + " aged " + age.toMillis());
    }

    /** The next run that comes to the point takes all memory it gets. */
    void starveAt(FaultPoint point) {
        order(point.words() + " eat");
    }

    /** The next run that comes to the point is killed so long after its step has begun. */
    void killAmid(FaultPoint point, Duration after) {
        order(point.at(FaultPoint.When.DURING).words() + " kill " + after.toMillis());
    }

    private void order(String words) {
        shell("rm -f /run/e2e-held; echo %s > /run/e2e-hold".formatted(words));
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
                line.path("phase").asString(),
                line.path("site").asString(),
                line.path("token").asLong(),
                line.path("highest").isNumber() ? line.path("highest").asLong() : null,
                line.path("lease").isNumber() ? line.path("lease").asLong() : null,
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
