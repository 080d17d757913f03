package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.proof.Proof;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Whether everything that has to hold after any fault does. */
final class FaultJudge {

    /** Above the time of any job with its repeats. */
    static final Duration END = Duration.ofMinutes(6);

    /** A run looks at its lease before each step and then begins it. */
    private static final long LEASE_SLACK_MS = 1_500;

    private static final Map<String, Set<String>> NEXT = Map.of(
            "", Set.of("queued"),
            "queued", Set.of("dispatched", "cancelled"),
            "dispatched", Set.of("running", "queued", "rejected", "stalled", "cancelled"),
            "running", Set.of("verifying", "failed", "stalled", "cancelled"),
            "verifying", Set.of("succeeded", "failed", "stalled", "cancelled"),
            "stalled", Set.of("running", "verifying", "succeeded", "failed", "cancelled"));

    private final Pressluft pressluft;

    FaultJudge(Pressluft pressluft) {
        this.pressluft = pressluft;
    }

    /** @return how it ended, for the matrix */
    String judge(FaultScene scene, Set<String> ends, List<FaultNode.Effect> history) throws InterruptedException {
        var job = scene.ended(END);
        var state = job.path("state").asString();
        var code = job.path("failure").path("code").asString("");
        var end = code.isEmpty() ? state : state + " " + code;
        assertThat(ends.contains(state) || ends.contains(end))
                .as("it ended as %s, which is none of %s: %s", end, ends, job)
                .isTrue();
        effects(scene.site(), history);
        transitions(scene.site());
        if (state.equals("succeeded")) {
            serves(scene.site());
        } else {
            undone(scene.site(), job);
            converges(scene, job);
        }
        return end + attempts(scene.site());
    }

    private void effects(Site site, List<FaultNode.Effect> history) {
        long highest = 0;
        var seen = new HashSet<String>();
        for (var effect : history) {
            if (!effect.site().equals(site.id())) {
                continue;
            }
            assertThat(effect.token())
                    .as("an effect with an older token: %s", effect)
                    .isGreaterThanOrEqualTo(highest);
            assertThat(effect.highest())
                    .as("an effect although the node knew a newer token: %s", effect)
                    .isLessThanOrEqualTo(effect.token());
            assertThat(effect.boot() - effect.lease())
                    .as("an effect after the lease had run out: %s", effect)
                    .isLessThan(LEASE_SLACK_MS);
            assertThat(seen.add(effect.token() + " " + effect.ordinal()))
                    .as("the same effect twice for one token: %s", effect)
                    .isTrue();
            highest = effect.token();
        }
    }

    /** As the control plane recorded them. */
    private void transitions(Site site) {
        var database = pressluft.database();
        var was = new HashMap<String, String>();
        for (var line : database.column("""
                SELECT e.job_id || ' ' || (e.body ->> 'state') FROM job_event e JOIN job j ON j.id = e.job_id
                WHERE j.site_id = ? AND e.kind = 'job' ORDER BY j.created_at, e.number
                """, site.id())) {
            var words = line.split(" ");
            var before = was.getOrDefault(words[0], "");
            assertThat(words[1].equals(before)
                            || NEXT.getOrDefault(before, Set.of()).contains(words[1]))
                    .as("job %s went from %s to %s", words[0], before, words[1])
                    .isTrue();
            was.put(words[0], words[1]);
        }
        assertThat(database.value("""
                        SELECT count(*)::text FROM job_event e JOIN job j ON j.id = e.job_id
                        WHERE j.site_id = ? AND e.number > j.event_count
                        """, site.id())).isEqualTo("0");
        assertThat(database.column("""
                        SELECT j.id FROM job j JOIN site s ON s.id = j.site_id
                        WHERE s.id = ? AND j.settled_at IS NULL
                        """, site.id())).as("unfinished jobs").isEmpty();
    }

    private void serves(Site site) throws InterruptedException {
        var now = pressluft.siteNow(site);
        assertThat(now.path("state").asString()).isEqualTo("active");
        assertThat(now.path("environments").path(0).path("state").asString()).isEqualTo("active");
        assertThat(pressluft.prove(site)).as("the new site proves itself").isInstanceOf(Proof.Proven.class);
        pressluft.assertServes(site);
    }

    private void undone(Site site, JsonNode job) {
        var now = pressluft.siteNow(site);
        assertThat(now.path("state").asString()).as(now.toString()).isEqualTo("failed");
        assertThat(now.path("environments").path(0).path("state").asString()).isEqualTo("failed");
        assertThat(job.path("failure").path("message").asString()).isNotBlank();
        assertThat(job.path("failure").path("remediation").asString()).isNotBlank();
        // What a silent agent had done is not known, and nobody undoes it behind the operator's back.
        if (!job.path("failure").path("code").asString().equals("job_resolved")) {
            assertThat(Web.get(site.at("/")).status()).isGreaterThanOrEqualTo(400);
            assertThat(EnvironmentTraces.all(pressluft.node(), site.environmentId()))
                    .as("left on the node after %s", job.path("failure"))
                    .isEmpty();
        }
    }

    private void converges(FaultScene scene, JsonNode job) throws InterruptedException {
        Outcome.refreshReadiness(pressluft);
        var retry = pressluft
                .api()
                .post("/api/jobs/%s/retry".formatted(job.path("id").asString()))
                .require(202)
                .json();
        pressluft.api().succeeded(retry.path("id").asString(), Pressluft.SITE);
        assertThat(retry.path("fencingToken").asLong())
                .isGreaterThan(job.path("fencingToken").asLong());
        serves(scene.site());
    }

    private String attempts(Site site) {
        var jobs = pressluft.database().column("SELECT id FROM job WHERE site_id = ?", site.id());
        return jobs.size() == 1 ? "" : ", %d jobs".formatted(jobs.size());
    }
}
