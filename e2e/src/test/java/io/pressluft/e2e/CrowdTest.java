package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.proof.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/** Twenty sites on one node, five at a time, asked for by two clients. */
@Order(12)
@ExtendWith(OneNode.class)
class CrowdTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SITES = 20;
    private static final int API_AT_ONCE = 3;
    private static final int CLI_AT_ONCE = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private record Made(Site site, Duration took) {}

    @Test
    void twenty_sites_are_made_proven_and_kept_apart(Pressluft pressluft) throws Exception {
        Outcome.refreshReadiness(pressluft);
        var before = Inventory.of(pressluft.node());
        long begun = System.nanoTime();
        var made = crowd(pressluft);
        var total = Duration.ofNanos(System.nanoTime() - begun);
        var times = made.stream().map(Made::took).sorted().toList();
        System.out.printf(
                "%d sites, %d at a time: %.1f s in all, a site in the median %.1f s, at most %.1f s%n",
                SITES,
                API_AT_ONCE + CLI_AT_ONCE,
                total.toMillis() / 1000.0,
                times.get(SITES / 2).toMillis() / 1000.0,
                times.getLast().toMillis() / 1000.0);

        assertThat(made).hasSize(SITES);
        for (var one : made) {
            assertThat(pressluft.prove(one.site())).as(one.site().slug()).isInstanceOf(Proof.Proven.class);
            pressluft.assertServes(one.site());
        }
        var environments = made.stream().map(one -> one.site().environmentId()).toList();
        assertKeptApart(pressluft, environments);

        for (var one : made) {
            assertThat(pressluft.siteNow(one.site()).path("state").asString()).isEqualTo("active");
        }
        deleteAll(pressluft, made.stream().map(Made::site).toList());
        assertThat(Inventory.of(pressluft.node())).isEqualTo(before);
    }

    private static void assertKeptApart(Pressluft pressluft, List<String> environments) {
        var kinds = Isolation.of(pressluft.node(), environments);
        assertThat(kinds).hasSizeGreaterThan(15);
        assertThat(kinds)
                .allSatisfy((kind, values) -> assertThat(values)
                        .as(kind)
                        .hasSize(SITES)
                        .doesNotHaveDuplicates()
                        .doesNotContain(""));
        for (var own :
                List.of("process_user", "database_gate_owner", "redis_gate_owner", "database", "database_user")) {
            assertThat(kinds.get(own)).as(own).isEqualTo(environments);
        }
        // In a grant an underscore is a wildcard unless it is escaped.
        assertThat(kinds.get("database_grants"))
                .isEqualTo(environments.stream()
                        .map(one -> one.replace("_", "\\_") + ",")
                        .toList());
        assertThat(kinds.get("redis_keys"))
                .isEqualTo(environments.stream().map(one -> "~" + one + ":*,").toList());
    }

    private static List<Made> crowd(Pressluft pressluft) throws InterruptedException, ExecutionException {
        try (var api = Executors.newFixedThreadPool(API_AT_ONCE);
                var cli = Executors.newFixedThreadPool(CLI_AT_ONCE)) {
            var all = IntStream.range(0, SITES)
                    .mapToObj(n -> n % 2 == 0
                            ? api.submit(() -> timed(() -> byApi(pressluft, n)))
                            : cli.submit(() -> timed(() -> byCli(pressluft, n))))
                    .toList();
            return results(all);
        }
    }

    private static Made timed(Callable<Site> work) throws Exception {
        long begun = System.nanoTime();
        var site = work.call();
        return new Made(site, Duration.ofNanos(System.nanoTime() - begun));
    }

    private static Site byApi(Pressluft pressluft, int n) {
        var accepted = pressluft
                .api()
                .post("/api/sites", pressluft.wanted("crowd-" + n, "Crowd by API " + n))
                .require(202);
        var site = Pressluft.site(accepted.json());
        pressluft.api().succeeded(site.jobId(), PATIENCE);
        return site;
    }

    private static Site byCli(Pressluft pressluft, int n) {
        var slug = "crowd-" + n;
        CliTest.cli(
                        pressluft,
                        PATIENCE,
                        "site",
                        "create",
                        slug,
                        "--title",
                        "Crowd by CLI " + n,
                        "--node",
                        pressluft.nodeId())
                .require();
        var shown = CliTest.cli(pressluft, PATIENCE, "-o", "json", "site", "show", slug);
        return Pressluft.site(JSON.createObjectNode()
                .set("site", JSON.readTree(shown.require().out())));
    }

    private static void deleteAll(Pressluft pressluft, List<Site> sites)
            throws InterruptedException, ExecutionException {
        try (var five = Executors.newFixedThreadPool(API_AT_ONCE + CLI_AT_ONCE)) {
            results(sites.stream()
                    .map(site ->
                            five.submit(() -> pressluft.api().succeeded(pressluft.requestDeletion(site), PATIENCE)))
                    .toList());
        }
    }

    private static <T> List<T> results(List<Future<T>> futures) throws InterruptedException, ExecutionException {
        var results = new ArrayList<T>();
        for (var future : futures) {
            results.add(future.get());
        }
        return results;
    }
}
