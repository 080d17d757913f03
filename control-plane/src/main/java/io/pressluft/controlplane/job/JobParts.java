package io.pressluft.controlplane.job;

import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * The guarded updates that move the parts of a job. The caller holds the job's row lock, so that parts that end at the
 * same moment are seen one after the other.
 */
@Repository
class JobParts {

    private static final String IN_HAND = "('dispatched', 'running', 'applied')";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    JobParts(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * Takes the node's part, when its job may go on and the node has fewer than {@code most} parts of its kind in hand:
     * exclusive jobs that stand still leave shared ones their room, and the other way round.
     */
    boolean take(String id, String nodeId, int most) {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:node, 1))")
                .param("node", nodeId)
                .query(row -> {});
        return jdbc.sql("""
                UPDATE job_part SET state = 'dispatched'
                WHERE job_id = :id AND node_id = :node AND state = 'waiting'
                  AND EXISTS (SELECT 1 FROM job WHERE id = :id AND verdict IS NULL
                              AND (state IN ('dispatched', 'running')
                                   OR (state = 'queued' AND coalesce(not_before, now()) <= now())))
                  AND (SELECT count(*) FROM job_part h JOIN job k ON k.id = h.job_id
                       WHERE h.node_id = :node AND k.exclusive = (SELECT exclusive FROM job WHERE id = :id)
                         AND h.state IN
                """ + IN_HAND + ") < :most")
                        .param("id", id)
                        .param("node", nodeId)
                        .param("most", most)
                        .update()
                == 1;
    }

    boolean run(String id, String nodeId) {
        return move(id, nodeId, "running", "('dispatched')");
    }

    boolean apply(String id, String nodeId, Map<String, String> outputs) {
        return jdbc.sql("""
                UPDATE job_part SET state = 'applied', outputs = :outputs::jsonb
                WHERE job_id = :id AND node_id = :node AND state = 'running'
                """)
                        .param("outputs", json.writeValueAsString(outputs))
                        .param("id", id)
                        .param("node", nodeId)
                        .update()
                == 1;
    }

    /** Nothing is committed without a verdict. */
    boolean commit(String id, String nodeId) {
        return jdbc.sql("""
                UPDATE job_part SET state = 'committed' WHERE job_id = :id AND node_id = :node AND state = 'applied'
                  AND EXISTS (SELECT 1 FROM job WHERE id = :id AND verdict = 'commit')
                """).param("id", id).param("node", nodeId).update() == 1;
    }

    boolean refuse(String id, String nodeId) {
        return move(id, nodeId, "undone", "('dispatched')");
    }

    /** @param undone whether nothing of the change is left on the node */
    boolean end(String id, String nodeId, boolean undone) {
        return move(id, nodeId, undone ? "undone" : "undo_failed", IN_HAND);
    }

    /** Parts that no agent has taken will never begin. */
    void giveUpWaiting(String id) {
        jdbc.sql("UPDATE job_part SET state = 'undone' WHERE job_id = :id AND state = 'waiting'")
                .param("id", id)
                .update();
    }

    /** Whatever agents still have in hand counts as left there. */
    void abandon(String id) {
        giveUpWaiting(id);
        jdbc.sql("UPDATE job_part SET state = 'undo_failed' WHERE job_id = :id AND state IN " + IN_HAND)
                .param("id", id)
                .update();
    }

    /** Jobs of which the node's agent would have something to do or to say. */
    List<String> leftOn(String nodeId) {
        return jdbc.sql("SELECT job_id FROM job_part WHERE node_id = :node AND (state = 'waiting' OR state IN "
                        + IN_HAND + ") ORDER BY job_id")
                .param("node", nodeId)
                .query((row, index) -> row.getString("job_id"))
                .list();
    }

    /** Nobody will say what became of the node's part. What waited there was never begun. */
    boolean abandonOn(String id, String nodeId) {
        return move(id, nodeId, "undone", "('waiting')") || move(id, nodeId, "undo_failed", IN_HAND);
    }

    private boolean move(String id, String nodeId, String to, String from) {
        return jdbc.sql("UPDATE job_part SET state = :to WHERE job_id = :id AND node_id = :node AND state IN " + from)
                        .param("to", to)
                        .param("id", id)
                        .param("node", nodeId)
                        .update()
                == 1;
    }
}
