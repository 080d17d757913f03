package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

@Order(4)
@ExtendWith(OneNode.class)
class LoginLinkTest {

    @Test
    void a_link_opens_the_dashboard_once(Pressluft pressluft) {
        var site = pressluft.quietSite();
        var link = link(pressluft, site);

        var opened = Web.get(link);
        assertThat(opened.status()).as(opened.body()).isEqualTo(302);
        var cookies = opened.headers().allValues("Set-Cookie").stream()
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .collect(Collectors.joining("; "));
        assertThat(opened.headers().firstValue("Location").orElse(""))
                .isEqualTo(site.at("/wp-admin/").toString());
        var dashboard = Web.get(site.at("/wp-admin/"), Map.of("Cookie", cookies));
        assertThat(dashboard.status()).isEqualTo(200);
        assertThat(Pages.title(dashboard.body())).startsWith("Dashboard").contains(site.title());
        assertThat(Web.get(site.at("/wp-admin/")).status())
                .as("without the cookies")
                .isEqualTo(302);

        var again = Web.get(link);
        assertThat(again.status()).isEqualTo(403);
        assertThat(again.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(again.body()).contains("used already");
    }

    @Test
    void an_expired_link_is_refused(Pressluft pressluft) {
        var site = pressluft.quietSite();
        var link = link(pressluft, site);
        pressluft
                .node()
                .wp(
                        site.environmentId(),
                        "eval",
                        "$o = get_option('pressluft_login'); $o['expires'] = time() - 1; update_option('pressluft_login', $o);")
                .require();
        var refused = Web.get(link);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void a_made_up_link_is_refused(Pressluft pressluft) {
        assertThat(Web.get(pressluft.quietSite().at("/?pressluft_login=" + "0".repeat(64)))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void no_secret_is_seen_in_payload_log_or_process_list(Pressluft pressluft) {
        Set<String> commandLines = ConcurrentHashMap.newKeySet();
        Site site;
        URI link;
        try (var watch = new ProcessWatch(commandLines)) {
            site = pressluft.createSite("Watched while it is made");
            link = link(pressluft, site);
            watch.look();
        }
        var token = link.getRawQuery().substring("pressluft_login=".length());
        var secrets = JsonMapper.builder()
                .build()
                .readTree(pressluft
                        .node()
                        .run("cat", "/etc/pressluft/environments/%s.json".formatted(site.environmentId()))
                        .require()
                        .out());
        var database = pressluft.database();
        var told = database.column("""
                SELECT payload::text || coalesce((SELECT string_agg(p.outputs::text, '') FROM job_part p WHERE p.job_id = j.id), '')
                       || coalesce((SELECT string_agg(convert_from(l.content, 'UTF8'), '') FROM job_log l WHERE l.job_id = j.id), '')
                       || coalesce((SELECT string_agg(e.body::text, '') FROM job_event e WHERE e.job_id = j.id), '')
                FROM job j WHERE j.site_id = ?
                """, site.id());
        assertThat(told).hasSize(2);
        assertThat(commandLines).anyMatch(line -> line.contains("playbooks/site-create.yml"));
        assertThat(secrets.path("database_password").asString()).hasSizeGreaterThan(20);
        var secret = new java.util.ArrayList<String>();
        secret.add(token);
        secrets.forEach(value -> {
            if (value.isString()) {
                secret.add(value.asString());
            }
        });
        assertThat(secret).hasSizeGreaterThan(10);
        for (var one : secret) {
            assertThat(told).noneMatch(text -> text.contains(one));
            assertThat(commandLines).noneMatch(line -> line.contains(one));
        }
        assertThat(told).noneMatch(text -> text.contains("password"));
    }

    private static URI link(Pressluft pressluft, Site site) {
        var made = pressluft
                .api()
                .post("/api/environments/%s/login".formatted(site.environmentId()))
                .require(201)
                .json();
        var expires = Instant.parse(made.path("expiresAt").asString());
        assertThat(Duration.between(Instant.now(), expires)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(61));
        return URI.create(made.path("url").asString());
    }

    /** Reads the process list over and over. */
    private static final class ProcessWatch implements AutoCloseable {
        private final Set<String> seen;
        private final Thread thread;
        private volatile boolean stop;

        ProcessWatch(Set<String> seen) {
            this.seen = seen;
            this.thread = Thread.ofPlatform().daemon().start(() -> {
                while (!stop) {
                    look();
                }
            });
        }

        void look() {
            Processes.all().forEach(process -> seen.add(process.commandLine()));
        }

        @Override
        public void close() {
            stop = true;
            try {
                thread.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
