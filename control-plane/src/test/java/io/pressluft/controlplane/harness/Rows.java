package io.pressluft.controlplane.harness;

import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Writes the rows a test starts from, through the states that lead there. */
public final class Rows {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;
    private final Clock clock;

    Rows(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** An id of this kind that no other row has; later ones sort behind earlier ones. */
    public static String id(String prefix, int length) {
        return ("%s_%0" + length + "d").formatted(prefix, COUNT.incrementAndGet());
    }

    /** A node that is ready and online, and whose readiness was just seen to be right. */
    public String readyNode() {
        var id = nodeInState("ready");
        heartbeat(id, 0.5);
        seenReady(id);
        return id;
    }

    public String nodeInState(String state) {
        var id = id("node", 12);
        jdbc.sql("""
                INSERT INTO node (id, name, state, source, provider, web_stack, memory_mb, cpus, private_address, ssh_user,
                                  ssh_port)
                VALUES (:id, :name, 'acquiring', 'local', 'scripted', 'nginx', 2048, 2, '127.0.0.1', 'root', 22)
                """).param("id", id).param("name", id.replace('_', '-')).update();
        for (var next :
                switch (state) {
                    case "acquiring" -> List.<String>of();
                    case "provisioning" -> List.of("provisioning");
                    case "ready" -> List.of("provisioning", "ready");
                    case "unreachable" -> List.of("provisioning", "ready", "unreachable");
                    case "draining" -> List.of("provisioning", "ready", "draining");
                    case "decommissioned" -> List.of("provisioning", "ready", "draining", "decommissioned");
                    case "failed" -> List.of("failed");
                    default -> throw new IllegalArgumentException(state);
                }) {
            jdbc.sql("UPDATE node SET state = :state WHERE id = :id")
                    .param("state", next)
                    .param("id", id)
                    .update();
        }
        return id;
    }

    public void heartbeat(String nodeId, double load) {
        jdbc.sql("UPDATE node SET last_heartbeat_at = now(), load = :load, agent_version = '0.1.0' WHERE id = :id")
                .param("load", load)
                .param("id", nodeId)
                .update();
    }

    /** The node's SSH port is the machine's, and the machine's host key is pinned. */
    public void reachedAt(String nodeId, ScriptedMachine machine, Path key) {
        jdbc.sql("UPDATE node SET ssh_port = :port, host_key = :hostKey, ssh_key_path = :key WHERE id = :id")
                .param("port", machine.port())
                .param("hostKey", machine.hostKey())
                .param("key", key.toString())
                .param("id", nodeId)
                .update();
    }

    public void seenReady(String nodeId) {
        seen(nodeId, true, List.of(Map.of("code", "disk_low", "status", "ok", "seen", "much", "remediation", "")));
    }

    public void seen(String nodeId, boolean ready, List<Map<String, String>> checks) {
        jdbc.sql("""
                INSERT INTO readiness_observation (node_id, observed_at, ready, checks)
                VALUES (:node, :at, :ready, :checks::jsonb)
                """)
                .param("node", nodeId)
                .param("at", Timestamp.from(clock.instant()))
                .param("ready", ready)
                .param("checks", JSON.writeValueAsString(checks))
                .update();
    }

    /** A site in state {@code creating}, without environments. */
    public String site() {
        var id = id("site", 12);
        jdbc.sql(
                        "INSERT INTO site (id, slug, title, state, created_by) VALUES (:id, :slug, 'A title', 'creating', 'me')")
                .param("id", id)
                .param("slug", id.replace('_', '-'))
                .update();
        return id;
    }

    /** A production environment in state {@code creating}. */
    public String environment(String siteId, String nodeId) {
        var id = id("env", 8);
        jdbc.sql("""
                INSERT INTO environment (id, site_id, node_id, kind, state, hostname, url, code_mode, identity, admin_user)
                VALUES (:id, :site, :node, 'production', 'creating', :hostname, :url, 'writable',
                        '0123456789abcdef0123456789abcdef', 'admin')
                """)
                .param("id", id)
                .param("site", siteId)
                .param("node", nodeId)
                .param("hostname", id.replace('_', '-') + ".localhost")
                .param("url", "http://" + id.replace('_', '-') + ".localhost")
                .update();
        return id;
    }

    /** The id of the site's first environment. */
    public String environmentOf(String siteId) {
        return jdbc.sql("SELECT id FROM environment WHERE site_id = :id ORDER BY id LIMIT 1")
                .param("id", siteId)
                .query(String.class)
                .single();
    }

    /** Moves site and environment on, to {@code state}. */
    public void move(String siteId, String state) {
        jdbc.sql("UPDATE environment SET state = :state WHERE site_id = :id")
                .param("state", state)
                .param("id", siteId)
                .update();
        jdbc.sql("UPDATE site SET state = :state WHERE id = :id")
                .param("state", state)
                .param("id", siteId)
                .update();
    }

    public String stateOf(String table, String id) {
        return jdbc.sql("SELECT state FROM " + table + " WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    public long count(String table) {
        return jdbc.sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }

    /** How many connections stand still because another one holds what they need. */
    public int waitingForLocks() {
        return jdbc.sql("""
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """).query(Integer.class).single();
    }

    /** The newest fencing token of the site. */
    public long token(String siteId) {
        return jdbc.sql("SELECT token FROM fence WHERE site_id = :id")
                .param("id", siteId)
                .query(Long.class)
                .single();
    }
}
