package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/** What has to hold for a job that failed, for its site, and for the retry after the cause is gone. */
final class Outcome {

    private Outcome() {}

    static void assertFailed(JsonNode job, String code, String step) {
        assertThat(job.path("state").asString()).as(job.toPrettyString()).isEqualTo("failed");
        assertThat(job.path("failure").path("code").asString())
                .as(job.toPrettyString())
                .isEqualTo(code);
        assertThat(job.path("failure").path("step").asString())
                .as(job.path("failure").toString())
                .contains(step);
        assertThat(job.path("failure").path("message").asString()).isNotBlank();
        assertThat(job.path("failure").path("remediation").asString()).isNotBlank();
        assertThat(job.path("retryable").asBoolean()).isTrue();
    }

    static void assertServesNothing(Pressluft pressluft, Site site, String code) {
        var now = pressluft.siteNow(site);
        assertThat(now.path("state").asString()).isEqualTo("failed");
        assertThat(now.path("failureCode").asString()).isEqualTo(code);
        assertThat(now.path("environments").path(0).path("state").asString()).isEqualTo("failed");
        assertThat(Web.get(site.at("/")).status()).isGreaterThanOrEqualTo(400);
        assertThat(EnvironmentTraces.serving(pressluft.node(), site.environmentId()))
                .isEmpty();
    }

    static void assertUndone(Pressluft pressluft, Site site, String code) {
        assertServesNothing(pressluft, site, code);
        assertThat(EnvironmentTraces.all(pressluft.node(), site.environmentId()))
                .isEmpty();
    }

    static void assertRetryConverges(Pressluft pressluft, Site site) {
        refreshReadiness(pressluft);
        var retry = pressluft
                .api()
                .post("/api/jobs/%s/retry".formatted(site.jobId()))
                .require(202)
                .json();
        assertThat(retry.path("retryOf").asString()).isEqualTo(site.jobId());
        var job = pressluft.api().succeeded(retry.path("id").asString(), Pressluft.SITE);
        assertThat(job.path("fencingToken").asLong()).isEqualTo(2);
        var now = pressluft.siteNow(site);
        assertThat(now.path("state").asString()).isEqualTo("active");
        assertThat(now.path("environments").path(0).path("url").asString())
                .isEqualTo(site.url().toString());
        pressluft.assertServes(site);
    }

    /** What was seen is kept for a while; here the node has just been changed. */
    static void refreshReadiness(Pressluft pressluft) {
        pressluft
                .api()
                .get("/api/nodes/%s/readiness?refresh=true".formatted(pressluft.nodeId()))
                .require(200);
    }
}
