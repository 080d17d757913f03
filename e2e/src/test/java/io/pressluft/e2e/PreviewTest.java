package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

@Order(3)
@ExtendWith(OneNode.class)
class PreviewTest {

    @Test
    void two_sites_are_served_side_by_side(Pressluft pressluft) throws InterruptedException {
        var first = pressluft.quietSite();
        var second = pressluft.createSite("A second site beside it");
        for (var site : java.util.List.of(first, second)) {
            assertThat(site.url().toString())
                    .isEqualTo("http://%s.localhost:%d".formatted(site.slug(), pressluft.previewPort()));
            pressluft.assertServes(site);
            assertThat(pressluft.prove(site)).isInstanceOf(io.pressluft.protocol.proof.Proof.Proven.class);
        }
    }

    @Test
    void a_browser_opens_the_preview_address(Pressluft pressluft) {
        var site = pressluft.quietSite();
        try (var browser = Browser.open()) {
            var page = browser.page();
            var answer = page.navigate(site.url().toString());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(Pages.plain(page.title())).startsWith(site.title());
            assertThat(page.locator("body").innerText()).contains(site.title());
        }
    }

    @Test
    void an_unknown_name_is_not_found(Pressluft pressluft) {
        pressluft.quietSite();
        var unknown = URI.create("http://nobody.localhost:%d/".formatted(pressluft.previewPort()));
        assertThat(Web.get(unknown).status()).as("preview gateway").isEqualTo(404);
        var address = pressluft
                .api()
                .get("/api/nodes/" + pressluft.nodeId())
                .json()
                .path("privateAddress")
                .asString();
        assertThat(Web.get(new InetSocketAddress(address, 80), unknown, java.util.Map.of())
                        .status())
                .as("the node itself")
                .isEqualTo(404);
    }

    @Test
    void WordPress_reaches_itself(Pressluft pressluft) {
        var site = pressluft.quietSite();
        var said =
                pressluft.node().wp(site.environmentId(), "eval", """
                        require_once ABSPATH . 'wp-admin/includes/admin.php';
                        require_once ABSPATH . 'wp-admin/includes/class-wp-site-health.php';
                        $end = time() + 600;
                        $session = WP_Session_Tokens::get_instance(1)->create($end);
                        $_COOKIE[AUTH_COOKIE] = wp_generate_auth_cookie(1, $end, 'auth', $session);
                        $_COOKIE[LOGGED_IN_COOKIE] = wp_generate_auth_cookie(1, $end, 'logged_in', $session);
                        wp_set_current_user(1);
                        $health = WP_Site_Health::get_instance();
                        $loopback = $health->can_perform_loopback();
                        $rest = $health->get_test_rest_availability();
                        $home = wp_remote_get(home_url('/'));
                        echo wp_json_encode([
                            'loopback' => $loopback->status,
                            'loopback_said' => $loopback->message,
                            'rest' => $rest['status'],
                            'rest_said' => wp_strip_all_tags($rest['description']),
                            'home' => is_wp_error($home) ? $home->get_error_message() : wp_remote_retrieve_response_code($home),
                        ]);
                        """).require().out();
        var answer = JsonMapper.builder().build().readTree(said.strip());
        assertThat(answer.path("loopback").asString()).as(said).isEqualTo("good");
        assertThat(answer.path("rest").asString()).as(said).isEqualTo("good");
        assertThat(answer.path("home").asString()).as(said).isEqualTo("200");
    }
}
