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
    String judge(FaultScene scene, FaultRow.Allowed allowed, String begun, List<FaultNode.Effect> history)
            throws InterruptedException {
        var job = scene.ended(END);
        var state = job.path("state").asString();
        var code = job.path("failure").path("code").asString("");
        var end = code.isEmpty() ? state : state + " " + code;
        assertThat(allowed.ends().contains(state) || allowed.ends().contains(end))
                .as("it ended as %s, which is none of %s: %s", end, allowed.ends(), job)
                .isTrue();
        int jobs = pressluft
                .database()
                .column("SELECT id FROM job WHERE site_id = ?", scene.site().id())
                .size();
        assertThat(allowed.jobs()).as("how many jobs it took").contains(jobs);
        effects(scene.site(), history);
        transitions(scene.site(), allowed.stalls());
        incidents(begun, allowed.stalls());
        if (state.equals("succeeded")) {
            serves(scene.site());
        } else {
            undone(scene.site(), job);
            converges(scene, job);
        }
        return jobs == 1 ? end : "%s, %d jobs".formatted(end, jobs);
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
            highest = effect.token();
            assertThat(effect.highest())
                    .as("an effect although the node knew a newer token: %s", effect)
                    .isNotNull()
                    .isLessThanOrEqualTo(effect.token());
            if (effect.phase().equals("undo")) {
                continue; // it needs no lease, and one that was killed is done again
            }
            assertThat(effect.lease())
                    .as("an effect without a lease: %s", effect)
                    .isNotNull();
            assertThat(effect.boot() - effect.lease())
                    .as("an effect after the lease had run out: %s", effect)
                    .isLessThan(LEASE_SLACK_MS);
            assertThat(seen.add(effect.token() + " " + effect.ordinal()))
                    .as("the same effect twice for one token: %s", effect)
                    .isTrue();
        }
    }

    /** As the control plane recorded them. */
    private void transitions(Site site, boolean stalls) {
        var database = pressluft.database();
        var was = new HashMap<String, String>();
        for (var line : database.column("""
                SELECT e.job_id || ' ' || (e.body ->> 'state') FROM job_event e JOIN job j ON j.id = e.job_id
                WHERE j.site_id = ? AND e.kind = 'job' ORDER BY j.created_at, e.number
                """, site.id())) {
            var words = line.split(" ");
            var before = was.getOrDefault(words[0], "");
            // Being told to end is an event that leaves the state as it is.
            boolean same = words[1].equals(before) && NEXT.containsKey(before);
            assertThat(same || NEXT.getOrDefault(before, Set.of()).contains(words[1]))
                    .as("job %s went from %s to %s", words[0], before, words[1])
                    .isTrue();
            assertThat(stalls || !words[1].equals("stalled"))
                    .as("job %s stalled although nobody was silent", words[0])
                    .isTrue();
            was.put(words[0], words[1]);
        }
        assertThat(database.column("""
                        SELECT j.id FROM job j LEFT JOIN job_event e ON e.job_id = j.id WHERE j.site_id = ?
                        GROUP BY j.id HAVING count(e.number) <> j.event_count OR max(e.number) <> j.event_count
                        """, site.id()))
                .as("jobs with a gap in their events")
                .isEmpty();
        assertThat(database.column("""
                        SELECT j.id FROM job j JOIN site s ON s.id = j.site_id
                        WHERE s.id = ? AND j.settled_at IS NULL
                        """, site.id())).as("unfinished jobs").isEmpty();
    }

    /** Who is silent is told of once, and nothing else is. */
    private void incidents(String begun, boolean stalls) {
        var kinds = pressluft
                .database()
                .column(
                        "SELECT kind FROM incident WHERE opened_at >= ?::timestamptz AND kind <> 'change_half_made'",
                        begun);
        assertThat(kinds).as("alerts").hasSizeLessThanOrEqualTo(stalls ? 1 : 0);
    }

    private void serves(Site site) throws InterruptedException {
        var now = pressluft.siteNow(site);
        assertThat(now.path("state").asString()).isEqualTo("active");
        assertThat(now.path("environments").path(0).path("state").asString()).isEqualTo("active");
        assertThat(pressluft.prove(site)).as("the new site proves itself").isInstanceOf(Proof.Proven.class);
        pressluft.assertServes(site);
        pressluft.node().script("""
                cd /var/www/%s
                test -d current/ && test -f current/wp-login.php
                test -z "$(find releases -mindepth 1 -maxdepth 1 -name '.*')"
                """.formatted(site.environmentId())).require();
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
}
