package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The guarded updates that move a job. Each answers whether it moved the row: zero rows is an answer, and repeating a
 * call after a lost reply is harmless. All times are database time.
 */
@Repository
class JobTransitions {

    /** A job on two nodes of which one has lost its part does not go on because the other one speaks. */
    private static final String NOT_LOST_BY_ANOTHER = """
            (stall_reason IS DISTINCT FROM 'agent_lost_it' OR (SELECT count(*) FROM job_part WHERE job_id = :id) < 2)
            """;

    private final JdbcClient jdbc;

    JobTransitions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The first of its parts has been taken: the job's time begins. */
    boolean dispatch(String id, Duration deadline) {
        return jdbc.sql("""
                UPDATE job SET state = 'dispatched', dispatched_at = now(), deadline_at = now() + :deadline::interval
                WHERE id = :id AND state = 'queued' AND coalesce(not_before, now()) <= now()
                """)
                        .param("id", id)
                        .param("deadline", seconds(deadline))
                        .update()
                == 1;
    }

    /** Ends the pause before a repeat, which is the requester's from now on. */
    boolean hurry(String id, Requester requester) {
        return jdbc.sql("""
                UPDATE job SET not_before = NULL, requested_by = :by, idempotency_key = :key
                WHERE id = :id AND state = 'queued' AND not_before > now()
                """)
                        .param("id", id)
                        .param("by", requester.name())
                        .param("key", requester.idempotencyKey())
                        .update()
                == 1;
    }

    /** A stalled job that was decided on stays stalled until its agents have done what was decided. */
    boolean run(String id) {
        return jdbc.sql("""
                UPDATE job SET state = 'running', started_at = coalesce(started_at, now())
                WHERE id = :id AND (state = 'dispatched' OR (state = 'stalled' AND verdict IS NULL AND
                """ + NOT_LOST_BY_ANOTHER + "))").param("id", id).update() == 1;
    }

    boolean verify(String id) {
        return jdbc.sql("""
                UPDATE job SET state = 'verifying', started_at = coalesce(started_at, now())
                WHERE id = :id AND (state = 'running' OR (state = 'stalled' AND
                """ + NOT_LOST_BY_ANOTHER + "))").param("id", id).update() == 1;
    }

    /** A stalled job goes on, once every agent that has a part of it in hand has been heard of within {@code silence}. */
    boolean revive(String id, Duration silence) {
        return jdbc.sql("""
                UPDATE job SET state = 'running', started_at = coalesce(started_at, now())
                WHERE id = :id AND state = 'stalled' AND verdict IS NULL AND
                """ + NOT_LOST_BY_ANOTHER + """
                  AND NOT EXISTS (
                    SELECT 1 FROM job_part p JOIN node n ON n.id = p.node_id
                    WHERE p.job_id = :id AND p.state IN ('dispatched', 'running', 'applied')
                      AND n.last_heartbeat_at < now() - :silence::interval)
                """)
                        .param("id", id)
                        .param("silence", seconds(silence))
                        .update()
                == 1;
    }

    /** Of a job that is stalled already, it is only news that an agent has lost it. */
    boolean stall(String id, StallReason why) {
        return jdbc.sql("""
                UPDATE job SET state = 'stalled', stall_reason = :why
                WHERE id = :id AND (state IN ('dispatched', 'running', 'verifying')
                    OR (state = 'stalled' AND :why = 'agent_lost_it' AND stall_reason IS DISTINCT FROM :why))
                """).param("id", id).param("why", why.text()).update() == 1;
    }

    /** Records the decision; the first one stands. */
    boolean decide(String id, String verdict, @Nullable JobFailure failure) {
        return jdbc.sql("""
                UPDATE job SET verdict = :verdict, failure_code = :code, failure_message = :message,
                               failure_step = :step
                WHERE id = :id AND state IN ('verifying', 'stalled') AND verdict IS NULL
                """)
                        .param("verdict", verdict)
                        .param("code", failure == null ? null : failure.code())
                        .param("message", failure == null ? null : failure.message())
                        .param("step", failure == null ? null : failure.step())
                        .param("id", id)
                        .update()
                == 1;
    }

    /** A job that nobody has taken yet ends at once. */
    boolean cancelQueued(String id, String by, JobFailure failure) {
        return settled(
                id,
                jdbc.sql("""
                        UPDATE job SET state = 'cancelled', settled_at = now(), cancelled_by = :by, undone = true,
                                       failure_code = :code, failure_message = :message
                        WHERE id = :id AND state = 'queued'
                        """)
                        .param("by", by)
                        .param("code", failure.code())
                        .param("message", failure.message())
                        .param("id", id)
                        .update());
    }

    /** Decides on undo before the change is applied, unless something is decided already. */
    boolean tellToEnd(String id, String by, JobFailure failure) {
        return jdbc.sql("""
                UPDATE job SET verdict = 'undo', cancelled_by = :by, failure_code = :code, failure_message = :message
                WHERE id = :id AND state IN ('dispatched', 'running', 'verifying') AND verdict IS NULL
                """)
                        .param("by", by)
                        .param("code", failure.code())
                        .param("message", failure.message())
                        .param("id", id)
                        .update()
                == 1;
    }

    /** A part has failed: the others are undone, too. The first reason stands. */
    boolean decideAgainst(String id, JobFailure failure) {
        return jdbc.sql("""
                UPDATE job SET verdict = 'undo', failure_code = :code, failure_message = :message, failure_step = :step
                WHERE id = :id AND verdict IS NULL AND settled_at IS NULL
                """)
                        .param("code", failure.code())
                        .param("message", failure.message())
                        .param("step", failure.step())
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Nothing is left of a change that was told to end. */
    boolean cancelled(String id) {
        return settled(id, jdbc.sql("""
                        UPDATE job SET state = 'cancelled', settled_at = now(), undone = true
                        WHERE id = :id AND state IN ('dispatched', 'running', 'verifying', 'stalled')
                          AND cancelled_by IS NOT NULL
                        """).param("id", id).update());
    }

    /** Ends a stalled job by an operator's word. */
    boolean resolve(String id, JobFailure failure) {
        return end(id, "failed", failure, false, "('stalled')");
    }

    /** An agent's job needs the recorded verdict; what a worker does is proven when its work returns. */
    boolean succeed(String id) {
        return settled(id, jdbc.sql("""
                        UPDATE job SET state = 'succeeded', verdict = 'commit', settled_at = now()
                        WHERE id = :id AND state IN ('verifying', 'stalled')
                          AND (verdict = 'commit' OR (worker IS NOT NULL AND verdict IS NULL))
                          AND NOT EXISTS (SELECT 1 FROM job_part WHERE job_id = :id AND state <> 'committed')
                        """).param("id", id).update());
    }

    boolean fail(String id, JobFailure failure, boolean undone) {
        return end(id, "failed", failure, undone, "('running', 'verifying', 'stalled')");
    }

    boolean reject(String id, JobFailure failure) {
        return end(id, "rejected", failure, true, "('dispatched')");
    }

    private boolean end(String id, String state, JobFailure failure, boolean undone, String from) {
        return settled(
                id,
                jdbc.sql("""
                        UPDATE job SET state = :state, settled_at = now(), undone = :undone, failure_code = :code,
                                       failure_message = :message, failure_step = :step
                        WHERE id = :id AND state IN
                        """ + from)
                        .param("state", state)
                        .param("undone", undone)
                        .param("code", failure.code())
                        .param("message", failure.message())
                        .param("step", failure.step())
                        .param("id", id)
                        .update());
    }

    private boolean settled(String id, int rows) {
        if (rows == 1) {
            jdbc.sql("UPDATE job_part SET locks_node = false WHERE job_id = :id AND locks_node")
                    .param("id", id)
                    .update();
        }
        return rows == 1;
    }

    /** Says that this replica's worker still works on the job. False when another one has taken it over. */
    boolean seen(String id, String worker) {
        return jdbc.sql("UPDATE job SET worker_seen_at = now() WHERE id = :id AND worker = :worker")
                        .param("id", id)
                        .param("worker", worker)
                        .update()
                == 1;
    }

    /** Whether the job's time is over. */
    boolean overdue(String id) {
        return jdbc.sql("SELECT count(*) FROM job WHERE id = :id AND deadline_at < now() AND settled_at IS NULL")
                        .param("id", id)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /** Worker jobs whose replica has been silent for {@code silence}. */
    List<String> abandoned(Duration silence) {
        return jdbc.sql("""
                SELECT id FROM job WHERE NOT ended AND worker IS NOT NULL AND state IN ('dispatched', 'running', 'verifying', 'stalled')
                  AND worker_seen_at < now() - :silence::interval
                """)
                .param("silence", seconds(silence))
                .query((row, index) -> row.getString("id"))
                .list();
    }

    /**
     * Takes over an abandoned worker job; of several contenders one gets true. The time in which nobody worked on it is
     * not counted.
     */
    boolean adopt(String id, String worker, Duration silence) {
        return jdbc.sql("""
                UPDATE job SET worker = :worker, worker_seen_at = now(),
                               deadline_at = deadline_at + (now() - worker_seen_at)
                WHERE id = :id AND worker_seen_at < now() - :silence::interval
                  AND state IN ('dispatched', 'running', 'verifying', 'stalled')
                """)
                        .param("worker", worker)
                        .param("id", id)
                        .param("silence", seconds(silence))
                        .update()
                == 1;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() + " milliseconds";
    }
}
