package io.pressluft.controlplane.node;

import io.pressluft.controlplane.provider.Target;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** SQL of nodes. */
@Repository
class NodeStore {

    /** The expression takes the parameter {@code silence}. */
    private static final String ONLINE = "coalesce(n.last_heartbeat_at > now() - :silence::interval, false)";

    private static final String SELECT = "SELECT n.*, " + ONLINE + """
             AS online, (SELECT count(*) FROM environment e WHERE e.node_id = n.id AND e.state <> 'deleted') AS carried
            FROM node n
            """;

    private static final TypeReference<Map<String, String>> OPTIONS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final String silence;
    private final JsonMapper json;

    /** @param silence after which an agent counts as offline, the same as for its jobs */
    NodeStore(JdbcClient jdbc, JsonMapper json, @Value("${pressluft.agent.silence:20s}") Duration silence) {
        this.jdbc = jdbc;
        this.json = json;
        this.silence = silence.toMillis() + " milliseconds";
    }

    void insert(String id, NewNode node) {
        jdbc.sql("""
                INSERT INTO node (id, name, state, source, provider, web_stack, memory_mb, cpus, options)
                VALUES (:id, :name, 'acquiring', :source, :provider, :stack, :memory, :cpus, :options::jsonb)
                """)
                .param("id", id)
                .param("name", node.name())
                .param("source", node.source())
                .param("provider", node.provider())
                .param("stack", node.webStack())
                .param("memory", node.memoryMb())
                .param("cpus", node.cpus())
                .param("options", json.writeValueAsString(node.options()))
                .update();
    }

    Optional<Node> find(String id) {
        return jdbc.sql(SELECT + " WHERE n.id = :id")
                .param("silence", silence)
                .param("id", id)
                .query(this::node)
                .optional();
    }

    List<Node> all() {
        return jdbc.sql(SELECT + " WHERE n.state <> 'decommissioned' ORDER BY n.created_at, n.id")
                .param("silence", silence)
                .query(this::node)
                .list();
    }

    /** Ready and online nodes, the one to take first: lowest load, then fewest environments, then id. */
    List<Node> candidates() {
        return jdbc.sql(SELECT + " WHERE n.state = 'ready' AND " + ONLINE + """
                 ORDER BY coalesce(n.load, 0), carried, n.id
                """)
                .param("silence", silence)
                .query(this::node)
                .list();
    }

    /** Moves the node from one of {@code from}; false when it was elsewhere. */
    boolean move(String id, NodeState to, @Nullable String failureCode, NodeState... from) {
        return jdbc.sql("UPDATE node SET state = :to, failure_code = :code WHERE id = :id AND state IN (:from)")
                        .param("to", to.text())
                        .param("code", failureCode)
                        .param("id", id)
                        .param("from", Arrays.stream(from).map(NodeState::text).collect(Collectors.toSet()))
                        .update()
                == 1;
    }

    /** Whether the node is in service; it stays there until the transaction has ended. */
    boolean keepInService(String id) {
        return jdbc.sql("SELECT id FROM node WHERE id = :id AND state IN ('ready', 'unreachable') FOR SHARE")
                .param("id", id)
                .query(String.class)
                .optional()
                .isPresent();
    }

    /** @param memoryMb and {@code cpus} of a machine that nobody measured out; null leaves what was asked for */
    void acquired(String id, Target target, @Nullable Integer memoryMb, @Nullable Integer cpus) {
        jdbc.sql("""
                UPDATE node SET hostname = :hostname, public_address = :public, private_address = :private,
                    ssh_user = :user, ssh_port = :port, ssh_key_path = :key, host_key = :hostKey, cleaned = false,
                    memory_mb = coalesce(:memory, memory_mb), cpus = coalesce(:cpus, cpus) WHERE id = :id
                """)
                .param("hostname", target.hostname())
                .param("public", target.publicAddress())
                .param("private", target.privateAddress())
                .param("user", target.sshUser())
                .param("port", target.sshPort())
                .param("key", target.sshKeyPath().toString())
                .param("hostKey", target.hostKey())
                .param("memory", memoryMb, Types.INTEGER)
                .param("cpus", cpus, Types.INTEGER)
                .param("id", id)
                .update();
    }

    /** The first key stands. */
    void pinHostKey(String id, String hostKey) {
        jdbc.sql("UPDATE node SET host_key = coalesce(host_key, :key) WHERE id = :id")
                .param("key", hostKey)
                .param("id", id)
                .update();
    }

    boolean narrowed(String id) {
        return jdbc.sql("SELECT key_narrowed FROM node WHERE id = :id")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    void setNarrowed(String id) {
        jdbc.sql("UPDATE node SET key_narrowed = true WHERE id = :id")
                .param("id", id)
                .update();
    }

    /** Whether everything of Pressluft was taken off the machine since it was acquired. */
    boolean cleaned(String id) {
        return jdbc.sql("SELECT cleaned FROM node WHERE id = :id")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    /** The key went with everything else: who wants the machine back has to acquire and provision it as a new one. */
    void setCleaned(String id) {
        jdbc.sql("UPDATE node SET cleaned = true, key_narrowed = false WHERE id = :id")
                .param("id", id)
                .update();
    }

    void heartbeats(List<NodeHeartbeat> beats) {
        jdbc.sql("""
                UPDATE node n SET last_heartbeat_at = now(), agent_version = b.version, load = b.load,
                    memory_available = b.memory, disk_free = b.disk, clock_skew_ms = b.skew,
                    environments = b.environments,
                    state = CASE WHEN n.state = 'unreachable' THEN 'ready' ELSE n.state END
                FROM unnest(:ids::text[], :versions::text[], :loads::float8[], :memories::bigint[], :disks::bigint[],
                            :skews::bigint[], :environments::int[])
                     AS b (id, version, load, memory, disk, skew, environments)
                WHERE n.id = b.id AND n.state <> 'decommissioned'
                """)
                .param("ids", beats.stream().map(NodeHeartbeat::nodeId).toArray(String[]::new))
                .param(
                        "versions",
                        beats.stream().map(NodeHeartbeat::agentVersion).toArray(String[]::new))
                .param("loads", beats.stream().map(NodeHeartbeat::load).toArray(Double[]::new))
                .param(
                        "memories",
                        beats.stream().map(NodeHeartbeat::memoryAvailable).toArray(Long[]::new))
                .param("disks", beats.stream().map(NodeHeartbeat::diskFree).toArray(Long[]::new))
                .param("skews", beats.stream().map(NodeHeartbeat::clockSkewMs).toArray(Long[]::new))
                .param(
                        "environments",
                        beats.stream().map(NodeHeartbeat::environments).toArray(Integer[]::new))
                .update();
    }

    /** Ready nodes without a recent heartbeat become unreachable; their ids. */
    List<String> markUnreachable() {
        return jdbc.sql("UPDATE node n SET state = 'unreachable' WHERE n.state = 'ready' AND NOT " + ONLINE
                        + " RETURNING n.id")
                .param("silence", silence)
                .query((row, index) -> row.getString("id"))
                .list();
    }

    void forgetHeartbeat(String id) {
        jdbc.sql("UPDATE node SET last_heartbeat_at = NULL WHERE id = :id")
                .param("id", id)
                .update();
    }

    private Node node(ResultSet row, int index) throws SQLException {
        var beat = row.getTimestamp("last_heartbeat_at");
        return new Node(
                row.getString("id"),
                row.getString("name"),
                NodeState.of(row.getString("state")),
                row.getString("source"),
                row.getString("provider"),
                row.getString("web_stack"),
                row.getInt("memory_mb"),
                row.getDouble("cpus"),
                row.getString("hostname"),
                row.getString("public_address"),
                row.getString("private_address"),
                row.getString("ssh_user"),
                row.getInt("ssh_port"),
                row.getString("ssh_key_path"),
                row.getString("host_key"),
                row.getString("agent_version"),
                row.getString("failure_code"),
                beat == null ? null : beat.toInstant(),
                row.getBoolean("online"),
                row.getObject("load", Double.class),
                row.getInt("carried"),
                row.getTimestamp("created_at").toInstant(),
                json.readValue(row.getString("options"), OPTIONS));
    }
}
