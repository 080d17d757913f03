package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** SQL that writes new jobs, several in one statement. */
@Repository
class NewJobs {

    private static final String INSERT = """
            WITH patience AS MATERIALIZED (
                SELECT CASE WHEN :impatient THEN set_config('lock_timeout', '200ms', true) END),
            wanted AS (
                SELECT w.* FROM patience, unnest(:ids::text[], :types::text[], :exclusives::boolean[], :sites::text[],
                                     :environments::text[], :payloads::text[], :requesters::text[], :keys::text[],
                                     :repeats::text[], :attempts::integer[], :pauses::bigint[], :nodes::text[],
                                     :events::text[])
                    AS w (id, type, exclusive, site, environment, payload, requester, key, repeat, attempt, pause, node, event)),
            ticket AS (
                INSERT INTO fence (site_id, token)
                SELECT site, 1 FROM wanted WHERE exclusive AND site IS NOT NULL ORDER BY site
                ON CONFLICT (site_id) DO UPDATE SET token = fence.token + 1 RETURNING site_id, token),
            added AS (
                INSERT INTO job (id, type, state, exclusive, site_id, environment_id, fencing_token, payload,
                                 requested_by, idempotency_key, retry_of, attempt, not_before, event_count)
                SELECT w.id, w.type, 'queued', w.exclusive, w.site, w.environment,
                       CASE WHEN w.exclusive THEN (SELECT token FROM ticket WHERE site_id = w.site) END,
                       w.payload::jsonb, w.requester, w.key, w.repeat, w.attempt,
                       CASE WHEN w.pause > 0 THEN now() + w.pause * interval '1 ms' END, 1
                FROM wanted w
                WHERE NOT w.exclusive
                   OR (w.site IS NOT NULL AND NOT EXISTS (SELECT 1 FROM job b WHERE b.busy_site = w.site))
                   OR (w.site IS NULL
                       AND NOT EXISTS (SELECT 1 FROM job_part l WHERE l.node_id = w.node AND l.locks_node))
                ON CONFLICT (busy_site) WHERE busy_site IS NOT NULL DO NOTHING
                RETURNING id, fencing_token, created_at, not_before),
            parts AS (
                INSERT INTO job_part (job_id, part, node_id, role, state, locks_node)
                SELECT p.job, p.part, p.node, p.role, p.state, p.locks
                FROM unnest(:partJobs::text[], :parts::integer[], :partNodes::text[], :roles::text[], :states::text[],
                            :locks::boolean[]) AS p (job, part, node, role, state, locks)
                WHERE p.job IN (SELECT id FROM added)),
            told AS (
                INSERT INTO job_event (job_id, number, kind, body)
                SELECT a.id, 1, 'job', w.event::jsonb || jsonb_strip_nulls(jsonb_build_object(
                    'fencingToken', a.fencing_token,
                    'createdAt', to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                    'notBefore', to_char(a.not_before AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))
                FROM added a JOIN wanted w ON w.id = a.id)
            SELECT id, fencing_token, created_at, not_before FROM added
            """;

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;

    NewJobs(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * A job that is to be written.
     *
     * @param job without token and times
     * @param event its first one, of which the database knows the token and the times
     */
    record Draft(
            Job job,
            String payload,
            String event,
            Duration pause,
            @Nullable String key) {}

    /** @param job made with the payload as it will be read back */
    Draft draft(Function<Map<String, Object>, Job> job, NewJob wanted) {
        var payload = json.writeValueAsString(wanted.payload());
        var made = job.apply(json.readValue(payload, OBJECT));
        return new Draft(
                made,
                payload,
                json.writeValueAsString(JobView.of(made)),
                wanted.pause(),
                wanted.requester().idempotencyKey());
    }

    /** A part with the job that it belongs to. */
    private record Row(Job job, JobPart part) {}

    /**
     * Writes new jobs, their parts and their first events, and raises the sites' tokens for exclusive ones. The tokens' row
     * locks are held to the end of the transaction.
     *
     * @param impatient whether the transaction fails when, here or later, it has to wait for another one's lock for longer
     *     than a moment
     * @return as the database has them now, in the same order, without those to which another exclusive job is in the way
     */
    List<Job> insert(List<Draft> drafts, boolean impatient) {
        var rows = new ArrayList<Row>();
        drafts.forEach(draft -> draft.job().parts().forEach(part -> rows.add(new Row(draft.job(), part))));
        var written = new HashMap<String, Job>();
        var byId = new HashMap<String, Draft>();
        drafts.forEach(draft -> byId.put(draft.job().id(), draft));
        jdbc.sql(INSERT)
                .param("impatient", impatient)
                .param("ids", texts(drafts, draft -> draft.job().id()))
                .param("types", texts(drafts, draft -> draft.job().type()))
                .param(
                        "exclusives",
                        drafts.stream().map(draft -> draft.job().exclusive()).toArray(Boolean[]::new))
                .param("sites", texts(drafts, draft -> draft.job().siteId()))
                .param("environments", texts(drafts, draft -> draft.job().environmentId()))
                .param("payloads", texts(drafts, Draft::payload))
                .param("requesters", texts(drafts, draft -> draft.job().requestedBy()))
                .param("keys", texts(drafts, Draft::key))
                .param("repeats", texts(drafts, draft -> draft.job().retryOf()))
                .param(
                        "attempts",
                        drafts.stream().map(draft -> draft.job().attempt()).toArray(Integer[]::new))
                .param(
                        "pauses",
                        drafts.stream().map(draft -> draft.pause().toMillis()).toArray(Long[]::new))
                .param("nodes", texts(drafts, draft -> draft.job().nodeId()))
                .param("events", texts(drafts, Draft::event))
                .param("partJobs", texts(rows, row -> row.job().id()))
                .param("parts", rows.stream().map(row -> row.part().part()).toArray(Integer[]::new))
                .param("partNodes", texts(rows, row -> row.part().nodeId()))
                .param("roles", texts(rows, row -> row.part().role().text()))
                .param(
                        "states",
                        texts(
                                rows,
                                row -> row.part().state() == null
                                        ? null
                                        : row.part().state().text()))
                .param("locks", rows.stream().map(NewJobs::locksNode).toArray(Boolean[]::new))
                .query(row -> {
                    var draft = Objects.requireNonNull(byId.get(row.getString("id")));
                    var begin = row.getTimestamp("not_before");
                    written.put(
                            draft.job().id(),
                            draft.job()
                                    .written(
                                            row.getObject("fencing_token", Long.class),
                                            row.getTimestamp("created_at").toInstant(),
                                            begin == null ? null : begin.toInstant()));
                });
        return drafts.stream()
                .map(draft -> written.get(draft.job().id()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** An exclusive job that is about no site is about its leading node. */
    private static boolean locksNode(Row row) {
        return row.job().exclusive() && row.job().siteId() == null && row.part().part() == 0;
    }

    private static <T> @Nullable String[] texts(List<T> rows, Function<T, @Nullable String> what) {
        return rows.stream().map(what).toArray(String[]::new);
    }
}
