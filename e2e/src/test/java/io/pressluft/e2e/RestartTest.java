package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.proof.Proof;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@Order(9)
@ExtendWith(OneNode.class)
class RestartTest {

    private static final Duration BACK = Duration.ofSeconds(30);

    @Test
    @Order(1)
    void a_stop_leaves_nothing_running_and_a_start_finds_everything_again(Pressluft pressluft)
            throws InterruptedException {
        var site = pressluft.quietSite();
        var host = pressluft.host();
        var before = pressluft.controlPlane().about();

        assertThat(pressluft.controlPlane().stop(Pressluft.STOP)).isZero();
        assertThat(host.processes()).isEmpty();
        assertThat(host.interfaces()).isEmpty();
        assertThat(host.firewall()).isEmpty();
        assertThat(host.controlGroups()).isEmpty();
        assertThat(host.mounts()).isEmpty();
        assertThat(host.machines()).as("disks are kept").isNotEmpty();

        pressluft.controlPlane().start();
        long started = System.nanoTime();
        var after = pressluft.controlPlane().about();
        for (var same : java.util.List.of("instance", "url", "gatewayPort", "previewPort")) {
            assertThat(after.path(same)).isEqualTo(before.path(same));
        }
        awaitNode(pressluft);
        awaitProven(pressluft, site);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(BACK);
        assertThat(pressluft
                        .siteNow(site)
                        .path("environments")
                        .path(0)
                        .path("url")
                        .asString())
                .isEqualTo(site.url().toString());
        pressluft.assertServes(site);
    }

    @Test
    @Order(2)
    void a_job_ends_honestly_when_the_control_plane_is_killed_in_it(Pressluft pressluft) throws InterruptedException {
        var quiet = pressluft.quietSite();
        var site = pressluft.requestSite("Made across a crash");
        Await.value(
                "the job has begun its steps",
                Pressluft.SITE,
                () -> Optional.of(pressluft.api().job(site.jobId()))
                        .filter(job -> !job.path("steps").isEmpty()));
        pressluft.controlPlane().kill();
        assertThat(pressluft.node().running()).as("the node outlives it").isTrue();
        pressluft.controlPlane().start();

        var job = pressluft.api().settled(site.jobId(), Pressluft.SITE);
        var state = job.path("state").asString();
        assertThat(state).isIn("succeeded", "failed");
        var database = pressluft.database();
        assertThat(database.column("SELECT id FROM job WHERE site_id = ?", site.id()))
                .containsExactly(site.jobId());
        assertThat(database.value("SELECT token::text FROM fence WHERE site_id = ?", site.id()))
                .isEqualTo("1");
        JsonNode now = pressluft.siteNow(site);
        if (state.equals("succeeded")) {
            assertThat(now.path("state").asString()).isEqualTo("active");
            awaitProven(pressluft, site);
        } else {
            assertThat(now.path("state").asString()).isEqualTo("failed");
            assertThat(EnvironmentTraces.all(pressluft.node(), site.environmentId()))
                    .isEmpty();
        }
        awaitProven(pressluft, quiet);
    }

    private static void awaitNode(Pressluft pressluft) {
        Await.until("the node is ready again", BACK, () -> {
            var node = pressluft.api().get("/api/nodes/" + pressluft.nodeId()).json();
            return node.path("state").asString().equals("ready")
                    && node.path("online").asBoolean()
                    && pressluft
                            .api()
                            .get("/api/nodes/%s/readiness?refresh=true".formatted(pressluft.nodeId()))
                            .json()
                            .path("ready")
                            .asBoolean();
        });
    }

    private static void awaitProven(Pressluft pressluft, Site site) throws InterruptedException {
        long end = System.nanoTime() + BACK.toNanos();
        var proof = pressluft.prove(site);
        while (!(proof instanceof Proof.Proven) && System.nanoTime() < end) {
            proof = pressluft.prove(site);
        }
        assertThat(proof).isInstanceOf(Proof.Proven.class);
    }
}
