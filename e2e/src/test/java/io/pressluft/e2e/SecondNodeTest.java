package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.proof.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two nodes at the same time: how the second one comes about, where sites go, that both work at once, and that one leaves
 * nothing when it goes. The tests run in order.
 */
@Order(14)
@ExtendWith(OneNode.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecondNodeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(6);

    /** Nobody listens on the port of the discard service. */
    private static final String PROXY = """
            Acquire::http::Proxy "http://127.0.0.1:9";
            Acquire::https::Proxy "http://127.0.0.1:9";
            """;

    private static final String PLACE = "/etc/apt/apt.conf.d/99e2e";

    private List<String> hostBefore;
    private List<String> secretsBefore;
    private List<String> broker;
    private String second;

    @Test
    @Order(1)
    void a_node_that_does_not_reach_the_package_archive_says_so_and_is_provisioned_when_it_does(Pressluft pressluft) {
        var neighbour = pressluft.quietSite();
        hostBefore = ofHost(pressluft);
        secretsBefore = pressluft.database().column("SELECT name FROM secret ORDER BY name");
        broker = pressluft.broker().keys();
        var accepted = pressluft
                .api()
                .post(
                        "/api/nodes",
                        Map.of("name", "e2e-second", "source", "local", "provider", "nspawn", "memoryMb", 1024))
                .require(202)
                .json();
        second = accepted.path("node").path("id").asString();
        var jobId = accepted.path("job").path("id").asString();
        var node = pressluft.node(second);
        Await.until("the machine runs", Pressluft.NODE, node::running);
        node.write(PLACE, PROXY);
        // The image has all packages already; without one of them the archive is needed.
        node.run("dpkg", "--purge", "restic").require();
        try (var prober = Prober.of(pressluft, neighbour)) {
            var job = pressluft.api().settled(jobId, Pressluft.NODE);
            Outcome.assertFailed(job, "package_archive_unreachable", "Install the packages");
            assertThat(state(pressluft)).as("a repeat waits").isEqualTo("acquiring");
            var figures = prober.figures(1);
            System.out.printf("No package archive: the neighbour on another node: %s%n", figures);
            assertThat(figures.failures()).isEmpty();
        }
        node.run("rm", PLACE).require();
        var retry = pressluft
                .api()
                .post("/api/jobs/%s/retry".formatted(jobId))
                .require(202)
                .json();
        assertThat(retry.path("id").asString())
                .as("the repeat that waited begins now")
                .isEqualTo(pressluft.api().job(jobId).path("retriedBy").asString());
        pressluft.api().succeeded(retry.path("id").asString(), Pressluft.NODE);
        assertThat(state(pressluft)).isEqualTo("ready");
    }

    @Test
    @Order(2)
    void a_second_node_shares_the_work_and_leaves_nothing_when_it_goes(Pressluft pressluft)
            throws InterruptedException {
        var first = pressluft.nodeId();

        var sites = new ArrayList<Site>();
        sites.add(goesToTheLeastLoaded(pressluft, List.of(first, second)));
        // Both at once, two each.
        for (var node : List.of(first, second, first, second)) {
            sites.add(request(pressluft, node, "both-" + sites.size()));
        }
        for (var site : sites) {
            pressluft.api().succeeded(site.jobId(), PATIENCE);
            assertThat(pressluft.prove(site)).isInstanceOf(Proof.Proven.class);
        }
        assertThat(pressluft.broker().keys()).contains("pressluft:jobs:" + second);

        for (var site : sites) {
            pressluft.api().succeeded(pressluft.requestDeletion(site), PATIENCE);
        }
        var gone = pressluft.api().delete("/api/nodes/" + second).require(202).json();
        pressluft.api().succeeded(gone.path("job").path("id").asString(), PATIENCE);

        assertThat(ofHost(pressluft)).isEqualTo(hostBefore);
        assertThat(Processes.of("/machines/" + second)).isEmpty();
        assertThat(pressluft.broker().keys())
                .as("only streams that are still read")
                .noneMatch(key -> key.contains(second))
                .isSubsetOf(
                        Stream.concat(broker.stream(), Stream.of("pressluft:jobs:workers", "pressluft:jobs:" + first))
                                .toList());
        assertThat(pressluft.database().column("SELECT name FROM secret ORDER BY name"))
                .isEqualTo(secretsBefore);
        assertThat(pressluft.database().column("SELECT node_id FROM enrolment_token WHERE node_id = ?", second))
                .isEmpty();
        assertThat(pressluft
                        .database()
                        .column(
                                "SELECT serial::text FROM agent_certificate WHERE node_id = ? AND revoked_at IS NULL",
                                second))
                .isEmpty();
    }

    private String state(Pressluft pressluft) {
        return pressluft
                .api()
                .get("/api/nodes/" + second)
                .require(200)
                .json()
                .path("state")
                .asString();
    }

    /** Local nodes share their host's load, so what they last said is held still while the choice is made. */
    private static Site goesToTheLeastLoaded(Pressluft pressluft, List<String> nodes) {
        for (var node : nodes) {
            pressluft
                    .api()
                    .get("/api/nodes/%s/readiness?refresh=true".formatted(node))
                    .require(200);
        }
        nodes.forEach(node -> signal(pressluft, node, "STOP"));
        try {
            Await.until("no heartbeat is under way any more", Duration.ofSeconds(15), () -> silent(pressluft));
            var expected = leastLoaded(pressluft);
            var site = request(pressluft, null, "anywhere");
            assertThat(nodeOf(pressluft, site)).isEqualTo(expected);
            return site;
        } finally {
            nodes.forEach(node -> signal(pressluft, node, "CONT"));
        }
    }

    /** Longer than the time between two heartbeats and the one they may take to be stored. */
    private static boolean silent(Pressluft pressluft) {
        return pressluft
                .database()
                .column(
                        "SELECT id FROM node WHERE state = 'ready' AND last_heartbeat_at > now() - interval '5 seconds'")
                .isEmpty();
    }

    private static String leastLoaded(Pressluft pressluft) {
        return pressluft.database().value("""
                SELECT n.id FROM node n WHERE n.state = 'ready' ORDER BY coalesce(n.load, 0),
                    (SELECT count(*) FROM environment e WHERE e.node_id = n.id AND e.state <> 'deleted'), n.id
                """);
    }

    private static Site request(Pressluft pressluft, @Nullable String node, String slug) {
        var wanted = new LinkedHashMap<String, Object>(Map.of("slug", slug, "title", "On one of two"));
        if (node != null) {
            wanted.put("nodeId", node);
        }
        return Pressluft.site(
                pressluft.api().post("/api/sites", wanted).require(202).json());
    }

    private static String nodeOf(Pressluft pressluft, Site site) {
        return pressluft
                .siteNow(site)
                .path("environments")
                .path(0)
                .path("nodeId")
                .asString();
    }

    /** Names of what belongs to the instance's nodes; processes come and go. */
    private static List<String> ofHost(Pressluft pressluft) {
        var host = pressluft.host();
        return Stream.of(host.interfaces(), host.firewall(), host.controlGroups(), host.mounts(), host.machines())
                .flatMap(List::stream)
                .map(line -> line.replaceFirst("^[0-9]+: (\\S+): .*", "$1"))
                .sorted()
                .toList();
    }

    private static void signal(Pressluft pressluft, String node, String name) {
        pressluft
                .node(node)
                .run("systemctl", "kill", "--kill-whom=main", "--signal=" + name, "pressluft-agent")
                .require();
    }
}
