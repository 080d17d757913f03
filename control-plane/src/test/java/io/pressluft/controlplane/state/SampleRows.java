package io.pressluft.controlplane.state;

import io.pressluft.controlplane.harness.Rows;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of every machine, in any state that can be reached. */
final class SampleRows {

    private final JdbcClient jdbc;

    SampleRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    String insert(Machine machine, String state) {
        return switch (machine) {
            case NODE -> node(state);
            case SITE -> site(state);
            case ENVIRONMENT -> environment(state);
            case JOB -> job(state);
            case JOB_PART -> jobPart(state);
            case INCIDENT -> incident(state);
            case ALERT_DELIVERY -> delivery(state);
        };
    }

    /** A row that was walked to {@code state} over legal transitions. */
    String inState(Machine machine, String state) {
        var id = insert(machine, machine.first());
        path(machine, state).forEach(step -> update(machine, id, step));
        return id;
    }

    void update(Machine machine, String id, String state) {
        // Only what the state itself asks for, so that nothing but the transition can be refused.
        var also =
                switch (machine) {
                    case JOB -> ofJob(state);
                    case INCIDENT -> ofIncident(state);
                    case JOB_PART, NODE, SITE, ENVIRONMENT, ALERT_DELIVERY -> "";
                };
        jdbc.sql("UPDATE " + machine.table() + " SET state = :state" + also + " WHERE " + machine.key() + " = :id")
                .param("state", state)
                .param("id", id)
                .update();
    }

    private static String ofJob(String state) {
        return switch (state) {
            case "failed" -> ", failure_code = 'playbook_failed'";
            case "succeeded" -> ", verdict = 'commit'";
            default -> "";
        };
    }

    private static String ofIncident(String state) {
        return switch (state) {
            case "gathering" -> ", opened_at = NULL, cleared_at = NULL";
            case "open" -> ", opened_at = now(), cleared_at = NULL";
            case "cleared" -> ", opened_at = now(), cleared_at = now()";
            default -> "";
        };
    }

    private static List<String> path(Machine machine, String goal) {
        var before = new HashMap<String, String>();
        var queue = new ArrayDeque<>(List.of(machine.first()));
        Set<String> seen = new HashSet<>(queue);
        while (!queue.isEmpty()) {
            var state = queue.remove();
            for (var next : machine.states()) {
                if (machine.legal(state, next) && seen.add(next)) {
                    before.put(next, state);
                    queue.add(next);
                }
            }
        }
        var path = new ArrayDeque<String>();
        for (var state = goal; !state.equals(machine.first()); state = before.get(state)) {
            path.addFirst(state);
        }
        return List.copyOf(path);
    }

    private String node(String state) {
        var id = Rows.id("node", 12);
        jdbc.sql("""
                INSERT INTO node (id, name, state, source, provider, web_stack, memory_mb, cpus)
                VALUES (:id, :id, :state, 'local', 'scripted', 'nginx', 1024, 1)
                """).param("id", id).param("state", state).update();
        return id;
    }

    private String site(String state) {
        var id = Rows.id("site", 12);
        jdbc.sql("INSERT INTO site (id, slug, title, state, created_by) VALUES (:id, :id, 'A title', :state, 'me')")
                .param("id", id)
                .param("state", state)
                .update();
        return id;
    }

    private String environment(String state) {
        var id = Rows.id("env", 8);
        jdbc.sql("""
                INSERT INTO environment (id, site_id, node_id, kind, state, hostname, url, code_mode, identity, admin_user)
                VALUES (:id, :site, :node, 'production', :state, :id, 'http://a', 'writable',
                        '0123456789abcdef0123456789abcdef', 'admin')
                """)
                .param("id", id)
                .param("site", site("creating"))
                .param("node", node("acquiring"))
                .param("state", state)
                .update();
        return id;
    }

    /** As the control plane's own work has it. */
    String partWithoutState() {
        return jobPart(null);
    }

    private String jobPart(@Nullable String state) {
        var id = job("queued");
        jdbc.sql("INSERT INTO job_part (job_id, part, node_id, role, state) VALUES (:id, 0, :node, 'target', :state)")
                .param("id", id)
                .param("node", node("acquiring"))
                .param("state", state)
                .update();
        return id;
    }

    private String job(String state) {
        var id = Rows.id("job", 12);
        jdbc.sql("""
                INSERT INTO job (id, type, state, exclusive, payload, requested_by, failure_code)
                VALUES (:id, 'sample', :state, false, '{}', 'me',
                        CASE WHEN :state = 'failed' THEN 'playbook_failed' END)
                """).param("id", id).param("state", state).update();
        return id;
    }

    /** One at a time is allowed of a kind; which one is of no interest here. */
    private String incident(String state) {
        jdbc.sql("DELETE FROM incident").update();
        var id = Rows.id("incident", 12);
        jdbc.sql("""
                INSERT INTO incident (id, kind, state, opened_at, cleared_at)
                VALUES (:id, 'job_stalled', :state, CASE WHEN :state <> 'gathering' THEN now() END,
                        CASE WHEN :state = 'cleared' THEN now() END)
                """).param("id", id).param("state", state).update();
        return id;
    }

    private String delivery(String state) {
        var id = Rows.id("delivery", 12);
        jdbc.sql("""
                INSERT INTO alert_delivery (id, incident_id, message, channel, state, notice)
                VALUES (:id, :incident, 'opened', 'webhook', :state, '{}')
                """)
                .param("id", id)
                .param("incident", incident("gathering"))
                .param("state", state)
                .update();
        return id;
    }
}
