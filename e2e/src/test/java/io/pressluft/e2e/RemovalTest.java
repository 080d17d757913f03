package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs last: afterwards there is no node. */
@Order(Integer.MAX_VALUE)
@ExtendWith(OneNode.class)
class RemovalTest {

    @Test
    @Order(1)
    void a_deleted_site_leaves_nothing_on_its_node(Pressluft pressluft) {
        var before = Inventory.of(pressluft.node());
        var site = pressluft.createSite("Soon to be gone");
        assertThat(EnvironmentTraces.all(pressluft.node(), site.environmentId()))
                .as("what is looked for is there")
                .hasSizeGreaterThan(8);
        assertThat(Inventory.of(pressluft.node())).isNotEqualTo(before);

        assertThat(pressluft
                        .api()
                        .delete("/api/sites/" + site.id(), Map.of("confirm", "something-else"))
                        .status())
                .isEqualTo(400);
        delete(pressluft, site.id(), site.slug());

        assertThat(pressluft.siteNow(site).path("state").asString()).isEqualTo("deleted");
        assertThat(Web.get(site.at("/")).status()).isEqualTo(404);
        assertThat(EnvironmentTraces.all(pressluft.node(), site.environmentId()))
                .isEmpty();
        assertThat(Inventory.of(pressluft.node())).isEqualTo(before);
    }

    @Test
    @Order(2)
    void a_node_with_sites_is_not_given_up(Pressluft pressluft) {
        pressluft.quietSite();
        var refused = pressluft.api().delete("/api/nodes/" + pressluft.nodeId());
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("code").asString()).isEqualTo("node_has_sites");
    }

    @Test
    @Order(3)
    void a_decommissioned_node_leaves_nothing_on_its_host(Pressluft pressluft) {
        pressluft.api().get("/api/sites").json().path("sites").values().stream()
                .map(site -> requestDeletion(
                        pressluft, site.path("id").asString(), site.path("slug").asString()))
                .toList()
                .forEach(job -> pressluft.api().succeeded(job, Pressluft.SITE));
        var host = pressluft.host();
        assertThat(host.interfaces()).isNotEmpty();
        assertThat(host.firewall()).isNotEmpty();
        assertThat(host.machineProcesses()).isNotEmpty();
        assertThat(host.machines()).hasSize(1);

        var decommission = pressluft
                .api()
                .delete("/api/nodes/" + pressluft.nodeId())
                .require(202)
                .json();
        pressluft.api().succeeded(decommission.path("job").path("id").asString(), Pressluft.SITE);

        assertThat(pressluft
                        .api()
                        .get("/api/nodes/" + pressluft.nodeId())
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("decommissioned");
        assertThat(host.ofNodes()).isEmpty();
        assertThat(host.registrations()).isEmpty();
    }

    private static void delete(Pressluft pressluft, String siteId, String slug) {
        pressluft.api().succeeded(requestDeletion(pressluft, siteId, slug), Pressluft.SITE);
    }

    private static String requestDeletion(Pressluft pressluft, String siteId, String slug) {
        return pressluft
                .api()
                .delete("/api/sites/" + siteId, Map.of("confirm", slug))
                .require(202)
                .json()
                .path("job")
                .path("id")
                .asString();
    }
}
