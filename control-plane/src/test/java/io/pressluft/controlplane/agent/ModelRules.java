package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.job.JobState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What must hold whatever happened: for a job that was touched, and for everything that is stored. */
final class ModelRules {

    private static final String UNFINISHED = "('queued', 'dispatched', 'running', 'verifying', 'stalled')";

    /** Each finds what breaks it. */
    private static final Map<String, String> GLOBAL = Map.of(
            "a site has at most one unfinished exclusive job",
            "SELECT site_id FROM job WHERE exclusive AND site_id IS NOT NULL AND state IN " + UNFINISHED
                    + " GROUP BY site_id HAVING count(*) > 1",
            "a node has at most one unfinished exclusive job",
            """
            SELECT p.node_id FROM job j JOIN job_part p ON p.job_id = j.id
            WHERE j.exclusive AND j.site_id IS NULL AND j.state IN %s GROUP BY p.node_id HAVING count(*) > 1
            """.formatted(UNFINISHED),
            "no site is in progress without a job",
            """
            SELECT s.id FROM site s WHERE s.state NOT IN ('active', 'failed', 'deleted') AND NOT EXISTS
                (SELECT 1 FROM job j WHERE j.site_id = s.id AND j.exclusive AND j.state IN %s)
            """.formatted(UNFINISHED),
            "a site and its environment are in the same state",
            "SELECT s.id FROM site s JOIN environment e ON e.site_id = s.id WHERE e.state <> s.state",
            "no node is in progress without a job",
            """
            SELECT n.id FROM node n WHERE n.state = 'provisioning' AND NOT EXISTS
                (SELECT 1 FROM job_part p JOIN job j ON j.id = p.job_id
                 WHERE p.node_id = n.id AND p.locks_node AND j.state IN %s)
            """.formatted(UNFINISHED),
            "no job that has ended locks its node",
            "SELECT p.node_id FROM job_part p JOIN job j ON j.id = p.job_id WHERE p.locks_node AND j.state NOT IN "
                    + UNFINISHED,
            "no node has more of a kind in hand than it may",
            """
            SELECT p.node_id FROM job_part p JOIN job j ON j.id = p.job_id
            WHERE p.state IN ('dispatched', 'running', 'applied')
            GROUP BY p.node_id, j.exclusive HAVING count(*) > 5
            """,
            "a token is given once, and none is above the site's newest",
            """
            SELECT j.site_id FROM job j JOIN fence f ON f.site_id = j.site_id WHERE j.fencing_token IS NOT NULL
            GROUP BY j.site_id, f.token HAVING max(j.fencing_token) > f.token OR count(DISTINCT j.fencing_token) < count(*)
            """);

    /** The same for what only grows; these read everything. */
    private static final Map<String, String> HISTORY = Map.of(
            "events are numbered without gaps",
            """
            SELECT j.id FROM job j LEFT JOIN (SELECT job_id, count(*) AS n, max(number) AS last FROM job_event GROUP BY job_id) e
                ON e.job_id = j.id WHERE coalesce(e.n, 0) <> j.event_count OR coalesce(e.last, 0) <> j.event_count
            """,
            "each request has one line in the audit log",
            """
            SELECT j.id FROM job j LEFT JOIN audit_entry a ON a.job_id = j.id AND a.outcome = 'requested'
            GROUP BY j.id HAVING count(a.id) <> 1
            """,
            "each settlement has one line in the audit log, and says how",
            """
            SELECT j.id FROM job j LEFT JOIN audit_entry a ON a.job_id = j.id
                AND a.outcome IN ('succeeded', 'failed', 'cancelled', 'rejected')
            GROUP BY j.id, j.state HAVING count(a.id) <> (CASE WHEN j.state IN %s THEN 0 ELSE 1 END)
                OR max(a.outcome) <> j.state
            """.formatted(UNFINISHED),
            "nothing succeeded without a decision, and on every node",
            """
            SELECT j.id FROM job j WHERE j.state = 'succeeded' AND (j.verdict IS DISTINCT FROM 'commit' OR EXISTS
                (SELECT 1 FROM job_part p WHERE p.job_id = j.id AND p.state <> 'committed'))
            """);

    private final JdbcClient jdbc;
    private final Map<String, Long> fences = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    ModelRules(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<String> broken() {
        return broken;
    }

    void broke(String rule, Object what) {
        broken.add(rule + ": " + what);
    }

    void everything() {
        look(GLOBAL);
    }

    void history() {
        look(HISTORY);
    }

    private void look(Map<String, String> rules) {
        rules.forEach((rule, sql) -> {
            var found = jdbc.sql(sql).query(String.class).list();
            if (!found.isEmpty()) {
                broke(rule, found);
            }
        });
    }

    /** @param provedNow whether this very operation gave the proof */
    void touched(ModelJob job, boolean provedNow) {
        var before = job.look;
        var now = ModelLook.at(jdbc, job.id);
        job.look = now;
        var first = before == null || before.verdict() == null;
        job.proved |= provedNow && first && "commit".equals(now.verdict());
        require(before == null || !before.ended() || before.outcome().equals(now.outcome()), "an end stays", job);
        require(before == null || before.eventCount() <= now.eventCount(), "events are not taken back", job);
        require(now.eventCount() == now.events() && now.events() == now.lastEvent(), "events have no gap", job);
        require(
                before == null || before.verdict() == null || before.verdict().equals(now.verdict()),
                "a verdict stands",
                job);
        require(!"commit".equals(now.verdict()) || job.worker || job.proved, "no commit without proof", job);
        require(now.settled() == now.ended(), "an end has its time", job);
        require(!job.worker || now.all(""), "what the control plane does has no parts in hand", job);
        if (!job.worker) {
            parts(job, now);
        }
        if (job.site != null) {
            site(job, now);
        }
    }

    private void parts(ModelJob job, ModelLook now) {
        boolean fits =
                switch (JobState.of(now.state())) {
                    case QUEUED -> now.all("waiting");
                    case DISPATCHED, RUNNING, STALLED -> !now.all("waiting") && !now.all("committed");
                    case VERIFYING -> now.all("applied", "committed", "undone", "undo_failed");
                    case SUCCEEDED -> now.all("committed") && "commit".equals(now.verdict());
                    case REJECTED, CANCELLED -> now.all("undone") && Boolean.TRUE.equals(now.undone());
                    case FAILED ->
                        now.all("committed", "undone", "undo_failed")
                                && Boolean.TRUE.equals(now.undone()) == now.all("undone");
                };
        require(fits, "parts fit their job", job);
    }

    private void site(ModelJob job, ModelLook now) {
        long fence = now.fence() == null ? 0 : now.fence();
        long before = fences.getOrDefault(String.valueOf(job.site), 0L);
        require(fence >= before, "a site's token grows", job);
        fences.put(String.valueOf(job.site), fence);
        require(now.token() == null || now.token() <= fence, "no token is above the site's newest", job);
        require(now.holding() <= 1, "a site has at most one unfinished exclusive job", job);
        if (now.exclusive() && !now.ended()) {
            var asIs = ModelTypes.WHILE.get(job.type);
            require(asIs != null && asIs.equals(now.site()), "a site shows what is done to it", job);
            require(asIs != null && asIs.equals(now.environment()), "an environment shows what is done to it", job);
        }
    }

    private void require(boolean holds, String rule, ModelJob job) {
        if (!holds) {
            broke(rule, job + " " + job.type + " " + job.look);
        }
    }
}
