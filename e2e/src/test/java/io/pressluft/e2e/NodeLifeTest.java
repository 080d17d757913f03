package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.proof.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node is restarted: its sites come back by themselves, and a job that was under way ends honestly. */
@Order(13)
@ExtendWith(OneNode.class)
class NodeLifeTest {

    private static final String WP = "/usr/local/lib/pressluft/wp";

    private static final Duration BACK = Duration.ofSeconds(90);

    @Test
    void a_reboot_brings_all_sites_back_and_stalls_nothing(Pressluft pressluft) throws InterruptedException {
        var first = pressluft.quietSite();
        var sites = List.of(first, pressluft.createSite("Back again"), pressluft.createSite("Back too"));
        long stalled = stalls(pressluft);
        var odd = new ArrayList<String>();

        long begun = reboot(pressluft);
        // Whoever answers meanwhile is the gateway, which says that nobody is there: never a web server without its PHP
        // or database.
        Await.until("the first site is back", BACK, () -> served(first, odd));
        var firstBack = Duration.ofNanos(System.nanoTime() - begun);
        for (var site : sites) {
            Await.until(site.slug() + " proves itself", BACK, () -> proven(pressluft, site));
        }
        System.out.printf(
                "a reboot: the first site was back after %d ms, %d sites proven after %d ms%n",
                firstBack.toMillis(),
                sites.size(),
                Duration.ofNanos(System.nanoTime() - begun).toMillis());
        assertThat(odd).as("answers of a node that cannot serve yet").isEmpty();
        awaitReady(pressluft);
        assertThat(stalls(pressluft)).as("jobs that became stalled").isEqualTo(stalled);
        pressluft.assertServes(pressluft.createSite("Made after the reboot"));
    }

    @Test
    void a_job_that_a_reboot_interrupts_is_undone_and_begun_again(Pressluft pressluft) throws InterruptedException {
        var neighbour = pressluft.quietSite();
        Outcome.refreshReadiness(pressluft);
        Site site;
        // The run is held in the middle, so that the shutdown finds it there.
        pressluft
                .node()
                .script("mv %1$s %1$s.e2e && printf '#!/bin/sh\\nexec sleep 600\\n' > %1$s && chmod 755 %1$s"
                        .formatted(WP))
                .require();
        try {
            site = pressluft.requestSite("Interrupted");
            Await.until(
                    "WordPress is being installed",
                    Pressluft.SITE,
                    () -> pressluft
                            .api()
                            .job(site.jobId())
                            .path("steps")
                            .toString()
                            .contains("Install WordPress"));
            reboot(pressluft);
        } finally {
            pressluft.node().run("mv", WP + ".e2e", WP).require();
        }

        var job = pressluft.api().settled(site.jobId(), Pressluft.SITE);
        assertThat(job.path("state").asString()).isEqualTo("failed");
        assertThat(job.path("failure").path("code").asString())
                .as(job.toPrettyString())
                .isEqualTo("run_lost");
        var repeat = pressluft.api().job(site.jobId()).path("retriedBy").asString();
        assertThat(pressluft.api().job(repeat).path("requestedBy").asString()).isEqualTo("(control plane)");
        var done = pressluft.api().succeeded(repeat, Pressluft.SITE);
        assertThat(done.path("attempt").asInt()).isEqualTo(2);
        assertThat(done.path("fencingToken").asLong()).isEqualTo(2);
        pressluft.assertServes(site);
        assertThat(pressluft.prove(neighbour)).isInstanceOf(Proof.Proven.class);
    }

    /** @return when it was asked for */
    private static long reboot(Pressluft pressluft) {
        long begun = System.nanoTime();
        pressluft.node().reboot(BACK);
        return begun;
    }

    private static boolean served(Site site, List<String> odd) {
        var answer = Web.get(site.at("/"));
        boolean ofTheWebServer = answer.status() != 200 && answer.body().contains("nginx");
        if (ofTheWebServer || answer.body().contains("database connection")) {
            odd.add(answer.status() + " " + Pages.title(answer.body()));
        }
        return answer.status() == 200;
    }

    private static boolean proven(Pressluft pressluft, Site site) {
        try {
            return pressluft.prove(site) instanceof Proof.Proven;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static long stalls(Pressluft pressluft) {
        return Long.parseLong(pressluft
                .database()
                .value("SELECT count(*)::text FROM job_event WHERE body::text LIKE '%\"state\": \"stalled\"%'"));
    }

    private static void awaitReady(Pressluft pressluft) {
        Await.value(
                "the node is ready",
                BACK,
                () -> Optional.of(pressluft
                                .api()
                                .get("/api/nodes/%s/readiness?refresh=true".formatted(pressluft.nodeId()))
                                .json())
                        .filter(seen -> seen.path("ready").asBoolean()));
    }
}
