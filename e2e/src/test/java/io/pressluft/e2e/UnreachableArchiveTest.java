package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Order(15)
@ExtendWith(OneNode.class)
class UnreachableArchiveTest {

    /** Nobody listens on the port of the discard service. */
    private static final String PROXY = """
            Acquire::http::Proxy "http://127.0.0.1:9";
            Acquire::https::Proxy "http://127.0.0.1:9";
            """;

    private static final String PLACE = "/etc/apt/apt.conf.d/99e2e";

    @Test
    void a_node_that_does_not_reach_the_package_archive_says_so_and_is_provisioned_when_it_does(Pressluft pressluft) {
        var neighbour = pressluft.quietSite();
        var accepted = pressluft
                .api()
                .post(
                        "/api/nodes",
                        Map.of("name", "e2e-cut-off", "source", "local", "provider", "nspawn", "memoryMb", 1024))
                .require(202)
                .json();
        var id = accepted.path("node").path("id").asString();
        var jobId = accepted.path("job").path("id").asString();
        var node = pressluft.node(id);
        Await.until("the machine runs", Pressluft.NODE, node::running);
        node.write(PLACE, PROXY);
        // The image has all packages already; without one of them the archive is needed.
        node.run("dpkg", "--purge", "restic").require();
        try (var prober = Prober.of(pressluft, neighbour)) {
            var job = pressluft.api().settled(jobId, Pressluft.NODE);
            Outcome.assertFailed(job, "package_archive_unreachable", "Install the packages");
            assertThat(state(pressluft, id)).as("a repeat waits").isEqualTo("acquiring");
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
        assertThat(state(pressluft, id)).isEqualTo("ready");

        var gone = pressluft.api().delete("/api/nodes/" + id).require(202).json();
        pressluft.api().succeeded(gone.path("job").path("id").asString(), Pressluft.SITE);
    }

    private static String state(Pressluft pressluft, String nodeId) {
        return pressluft
                .api()
                .get("/api/nodes/" + nodeId)
                .require(200)
                .json()
                .path("state")
                .asString();
    }
}
