package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@Order(1)
@ExtendWith(OneNode.class)
class NodeTest {

    @Test
    void a_node_is_accepted_at_once_and_acquired_later(Pressluft pressluft) {
        var acquisition = pressluft.acquisition();
        assertThat(acquisition.answer().status()).isEqualTo(202);
        assertThat(acquisition.answer().took()).isLessThan(Duration.ofSeconds(3));
        var accepted = acquisition.answer().json();
        assertThat(accepted.path("node").path("state").asString()).isEqualTo("acquiring");
        assertThat(accepted.path("job").path("state").asString()).isIn("queued", "dispatched", "running");
    }

    @Test
    void the_steps_of_its_job_are_seen_while_it_runs(Pressluft pressluft) {
        var events = pressluft.acquisition().events();
        var begun = events.stream()
                .filter(event -> event.name().equals("step"))
                .filter(event -> event.data().path("outcome").asString().equals("running"))
                .toList();
        assertThat(begun).hasSizeGreaterThan(20);
        assertThat(events.getLast().name()).isEqualTo("end");
        assertThat(events.getLast().data().path("state").asString()).isEqualTo("succeeded");
        // Live: they come one after the other, and the first long before the end.
        assertThat(begun.getFirst().after()).isLessThan(events.getLast().after().dividedBy(2));
        assertThat(begun.stream().map(event -> event.after().toSeconds()).distinct())
                .hasSizeGreaterThan(10);
    }

    @Test
    void every_readiness_check_passes(Pressluft pressluft) {
        var node = pressluft
                .api()
                .get("/api/nodes/" + pressluft.nodeId())
                .require(200)
                .json();
        assertThat(node.path("state").asString()).isEqualTo("ready");
        assertThat(node.path("online").asBoolean()).isTrue();
        var readiness = pressluft
                .api()
                .get("/api/nodes/%s/readiness?refresh=true".formatted(pressluft.nodeId()))
                .require(200)
                .json();
        assertThat(readiness.path("ready").asBoolean()).isTrue();
        assertThat(readiness.path("checks").values())
                .hasSizeGreaterThan(10)
                .allSatisfy(check -> assertThat(check.path("status").asString())
                        .as(check.toString())
                        .isEqualTo("ok"));
    }

    @Test
    void there_is_no_container_engine_on_it(Pressluft pressluft) {
        var found = pressluft.node().script("""
                for name in docker dockerd podman containerd runc nerdctl lxc; do command -v "$name" || true; done
                dpkg-query -W -f '${Package}\\n' | grep -E '^(docker|podman|containerd|runc|lxc)' || true
                """).require();
        assertThat(found.lines()).isEmpty();
    }

    @Test
    void the_key_that_provisioned_it_runs_nothing_but_the_probe(Pressluft pressluft) {
        JsonNode node = pressluft
                .api()
                .get("/api/nodes/" + pressluft.nodeId())
                .require(200)
                .json();
        var answer = Commands.run(java.util.List.of(
                "ssh",
                "-i",
                pressluft.controlPlane().data().resolve("keys/managed_ed25519").toString(),
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "LogLevel=ERROR",
                "-o",
                "BatchMode=yes",
                "root@" + node.path("privateAddress").asString(),
                "echo a-shell-was-left-behind"));
        assertThat(answer.out()).doesNotContain("a-shell-was-left-behind").startsWith("{");
    }
}
