package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.proof.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Strikes, judges, and keeps what came of it. */
final class FaultMatrix {

    /** Most steps take less; a kill that comes later meets the next one. */
    private static final int LONGEST_WAIT_MS = 300;

    /** Of the two minutes that a step of a creation has. */
    private static final Duration AGE = Duration.ofSeconds(112);

    private static final String SMALL_DISK = """
            mkdir -p /mnt/e2e
            mount -t tmpfs -o mode=755,size=$(($(du -sm /var/www | cut -f1) + 100))m,nr_inodes=$(($(find /var/www | wc -l) + 20000)) \
                tmpfs /mnt/e2e
            cp -a /var/www/. /mnt/e2e/
            mount --bind /mnt/e2e /var/www
            """;

    private static final String OWN_DISK = """
            mountpoint -q /var/www && umount /var/www
            umount /mnt/e2e && rmdir /mnt/e2e
            """;

    private final Pressluft pressluft;
    private final FaultNode node;
    private final Replica replica;
    private final Site neighbour;
    private final long seed;
    private final Random random;
    private final FaultSteps steps;
    private final List<String> lines = new ArrayList<>();
    private int red;
    private int number;

    /** The site of a row that has not come to its end. */
    private @Nullable Site made;

    FaultMatrix(Pressluft pressluft, FaultNode node, long seed) {
        this.pressluft = pressluft;
        this.node = node;
        this.replica = pressluft.replica();
        this.neighbour = pressluft.quietSite();
        this.seed = seed;
        this.random = new Random(seed);
        this.steps = steps();
    }

    /** @throws AssertionError when something that has to hold does not */
    void strike(FaultRow row) throws InterruptedException {
        number++;
        long begun = System.nanoTime();
        try {
            var end = struck(row);
            line(row, "ok ", end, begun);
        } catch (AssertionError | RuntimeException e) {
            red++;
            line(row, "RED", String.valueOf(e.getMessage()).lines().findFirst().orElse(""), begun);
            throw e;
        }
    }

    private String struck(FaultRow row) throws InterruptedException {
        Outcome.refreshReadiness(pressluft);
        node.clearHistory();
        var before = Inventory.of(pressluft.node());
        try {
            arrange(row.setting());
            var begun = pressluft.database().value("SELECT now()::text");
            // A title reaches the playbook as data, or the job does what it says.
            var title = "Row %d {{ lookup('pipe', 'id') }} $(id) `id`".formatted(number);
            var scene = row.point().phase() == FaultPoint.Phase.UNDO ? undoing(row, title) : applying(row, title);
            row.strike().at(scene);
            scene.ended(FaultJudge.END);
            scene.awaitQuiet();
            var end = new FaultJudge(pressluft).judge(scene, row.allowed(), begun, node.history());
            var site = scene.site();
            removed(site, before);
            made = null;
            return end;
        } finally {
            node.release();
            sweep();
            clear(row.setting());
        }
    }

    private void arrange(FaultRow.Setting setting) {
        switch (setting) {
            case SMALL_DISK -> node.shell(SMALL_DISK);
            case REPLICA -> replica.takeAgent(node);
            case UNHEARD_REPLICA -> {
                replica.takeAgent(node);
                replica.silence(node);
            }
            case HALF_OPEN -> replica.takeAgentUnnoticed(node);
            case PLAIN, STARVED, LONG_AGO -> {}
        }
    }

    private void clear(FaultRow.Setting setting) {
        switch (setting) {
            case SMALL_DISK -> node.shell(OWN_DISK);
            case REPLICA, UNHEARD_REPLICA, HALF_OPEN -> replica.giveBack(node);
            case PLAIN, STARVED, LONG_AGO -> {}
        }
    }

    private FaultScene applying(FaultRow row, String title) {
        if (row.point().when() != FaultPoint.When.ASKED) {
            hold(row);
        }
        var scene = scene(row, title);
        if (row.point().when() != FaultPoint.When.ASKED) {
            node.awaitHeld();
        }
        return scene;
    }

    /** The job is cancelled when all of its change is there, and struck while that is taken back. */
    private FaultScene undoing(FaultRow row, String title) {
        node.holdAt(steps.last());
        var scene = scene(row, title);
        node.awaitHeld();
        PlaneFaults.cancel(scene);
        hold(row);
        node.awaitHeld();
        return scene;
    }

    private void hold(FaultRow row) {
        if (row.setting() == FaultRow.Setting.STARVED) {
            node.starveAt(row.point());
        } else if (row.setting() == FaultRow.Setting.LONG_AGO) {
            node.holdAgedAt(row.point(), AGE);
        } else if (row.point().when() == FaultPoint.When.AMID) {
            node.killAmid(row.point(), Duration.ofMillis(random.nextInt(LONGEST_WAIT_MS)));
        } else {
            node.holdAt(row.point());
        }
    }

    private FaultScene scene(FaultRow row, String title) {
        made = pressluft.requestSite(title);
        return new FaultScene(pressluft, replica, node, made, row.point());
    }

    /** The site goes without a trace, and its neighbour has noticed nothing. */
    private void removed(Site site, List<String> before) throws InterruptedException {
        pressluft.api().succeeded(pressluft.requestDeletion(site), Pressluft.SITE);
        assertThat(Inventory.of(pressluft.node()))
                .as("the node as it was before the row")
                .isEqualTo(before);
        assertThat(pressluft.prove(neighbour)).as("the neighbour").isInstanceOf(Proof.Proven.class);
    }

    /** What a red row leaves behind must not make the next one red. */
    private void sweep() {
        var left = made;
        made = null;
        if (left != null) {
            try {
                pressluft.api().settled(left.jobId(), FaultJudge.END);
                pressluft.api().succeeded(pressluft.requestDeletion(left), Pressluft.SITE);
            } catch (AssertionError e) {
                System.out.println("the site of a red row stays: " + e.getMessage());
            }
        }
    }

    private void line(FaultRow row, String judgement, String outcome, long begun) {
        var line = "%s  %-30s %-6s %-66s %5.1f s  %s"
                .formatted(
                        judgement,
                        row.fault(),
                        row.number(),
                        row.point(),
                        Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0,
                        outcome);
        lines.add(line);
        System.out.println(line);
    }

    /** The whole matrix; its last line counts. */
    void print() {
        System.out.printf("%nfault, its numbers in the list, where it struck, time, outcome; seed %d%n", seed);
        lines.stream().sorted().forEach(System.out::println);
        System.out.printf("faults: %d, red: %d%n", lines.size(), red);
    }

    /** The steps of a creation, and of its undo, that nothing disturbs. */
    private FaultSteps steps() {
        node.clearHistory();
        var site = pressluft.createSite("Which steps there are");
        var apply = names("apply", site);
        pressluft.api().succeeded(pressluft.requestDeletion(site), Pressluft.SITE);

        var last = new FaultPoint(FaultPoint.Phase.APPLY, FaultPoint.When.AFTER, apply.size(), apply.getLast());
        node.holdAt(last);
        var undone = pressluft.requestSite("Which steps take it back");
        node.awaitHeld();
        PlaneFaults.cancel(new FaultScene(pressluft, replica, node, undone, last));
        node.release();
        pressluft.api().settled(undone.jobId(), Pressluft.SITE);
        var undo = names("undo", undone);
        pressluft.api().succeeded(pressluft.requestDeletion(undone), Pressluft.SITE);
        return new FaultSteps(apply, undo);
    }

    private List<String> names(String phase, Site site) {
        return node.history().stream()
                .filter(effect ->
                        effect.site().equals(site.id()) && effect.phase().equals(phase))
                .map(FaultNode.Effect::name)
                .toList();
    }

    FaultRows rows() {
        return new FaultRows(steps);
    }

    Map<String, Integer> figures() {
        return Map.of("faults", lines.size(), "red", red);
    }
}
