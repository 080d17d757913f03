package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Order(2)
@ExtendWith(OneNode.class)
class TitleTest {

    private static final List<String> HOSTILE = List.of(
            "{{ lookup('pipe','id') }}",
            "$(id) `id` ${HOME} %{HOME} \\n",
            "'; DROP TABLE wp_options; #",
            "<script>alert(1)</script> & \"more\"",
            "\uD83D\uDE80 Grüße — 日本語");

    @Test
    void a_title_arrives_in_WordPress_as_exactly_what_was_typed(Pressluft pressluft) {
        // All at once: the node works through them.
        var sites = HOSTILE.stream().map(pressluft::requestSite).toList();
        for (var site : sites) {
            pressluft.api().succeeded(site.jobId(), Pressluft.SITE);
            var stored = pressluft
                    .node()
                    .wp(site.environmentId(), "option", "get", "blogname")
                    .require()
                    .out();
            assertThat(Pages.unescape(stored.stripTrailing())).isEqualTo(site.title());

            var page = Web.get(site.at("/")).require(200);
            assertThat(Pages.plain(Pages.title(page.body()))).startsWith(Pages.plain(site.title()));
            assertThat(page.body()).doesNotContain("<script>alert(1)</script>");
            assertThat(pressluft.siteNow(site).path("title").asString()).isEqualTo(site.title());
        }
    }
}
