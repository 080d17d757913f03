package io.pressluft.controlplane.environment;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** SQL of environments and their releases. */
@Repository
class EnvironmentStore {

    private static final String SELECT = """
            SELECT e.*, n.name AS node_name, r.name AS release FROM environment e
            JOIN node n ON n.id = e.node_id
            LEFT JOIN release r ON r.environment_id = e.id AND r.current
            """;

    private final JdbcClient jdbc;

    EnvironmentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(NewEnvironment environment) {
        jdbc.sql("""
                INSERT INTO environment (id, site_id, node_id, kind, state, hostname, url, code_mode, identity, admin_user)
                VALUES (:id, :site, :node, :kind, 'creating', :hostname, :url, :mode, :identity, :admin)
                """)
                .param("id", environment.id())
                .param("site", environment.siteId())
                .param("node", environment.nodeId())
                .param("kind", environment.kind())
                .param("hostname", environment.hostname())
                .param("url", environment.url().toString())
                .param("mode", environment.codeMode())
                .param("identity", environment.identity())
                .param("admin", environment.adminUser())
                .update();
    }

    Optional<Environment> find(String id) {
        return jdbc.sql(SELECT + " WHERE e.id = :id")
                .param("id", id)
                .query(this::environment)
                .optional();
    }

    List<Environment> ofSite(String siteId) {
        return jdbc.sql(SELECT + " WHERE e.site_id = :site AND e.state <> 'deleted' ORDER BY e.created_at, e.id")
                .param("site", siteId)
                .query(this::environment)
                .list();
    }

    List<Environment> all() {
        return jdbc.sql(SELECT + " WHERE e.state <> 'deleted' ORDER BY e.created_at, e.id")
                .query(this::environment)
                .list();
    }

    Optional<String> localAddress(String hostname) {
        return jdbc.sql("""
                SELECT n.private_address FROM environment e JOIN node n ON n.id = e.node_id
                WHERE e.hostname = :hostname AND e.state NOT IN ('failed', 'deleted') AND n.source = 'local'
                  AND n.private_address IS NOT NULL
                """).param("hostname", hostname).query(String.class).optional();
    }

    boolean move(String id, EnvironmentState to, EnvironmentState... from) {
        return jdbc.sql("UPDATE environment SET state = :to WHERE id = :id AND state IN (:from)")
                        .param("to", to.text())
                        .param("id", id)
                        .param(
                                "from",
                                java.util.Arrays.stream(from)
                                        .map(EnvironmentState::text)
                                        .toList())
                        .update()
                == 1;
    }

    /** The same for several environments. @return whether all of them moved */
    boolean move(List<String> environments, EnvironmentState to, EnvironmentState... from) {
        return jdbc.sql(
                                "UPDATE environment SET state = :to WHERE id = ANY (:ids::text[]) AND state = ANY (:from::text[])")
                        .param("to", to.text())
                        .param("ids", environments.toArray(String[]::new))
                        .param(
                                "from",
                                java.util.Arrays.stream(from)
                                        .map(EnvironmentState::text)
                                        .toArray(String[]::new))
                        .update()
                == environments.size();
    }

    void proven(String id, String release, EnvironmentRuntime runtime) {
        jdbc.sql("UPDATE release SET current = false WHERE environment_id = :id AND current AND name <> :release")
                .param("id", id)
                .param("release", release)
                .update();
        jdbc.sql("""
                INSERT INTO release (environment_id, name, wordpress_version, current)
                VALUES (:id, :release, :wordpress, true)
                ON CONFLICT (environment_id, name) DO UPDATE SET current = true
                """)
                .param("id", id)
                .param("release", release)
                .param("wordpress", runtime.wordpressVersion())
                .update();
        jdbc.sql("""
                UPDATE environment SET proof_key = :key, wordpress_version = :wordpress, php_version = :php,
                    proven_at = now() WHERE id = :id
                """)
                .param("key", runtime.proofKey())
                .param("wordpress", runtime.wordpressVersion())
                .param("php", runtime.phpVersion())
                .param("id", id)
                .update();
    }

    private Environment environment(ResultSet row, int index) throws SQLException {
        var proven = row.getTimestamp("proven_at");
        return new Environment(
                row.getString("id"),
                row.getString("site_id"),
                row.getString("node_id"),
                row.getString("node_name"),
                row.getString("kind"),
                EnvironmentState.of(row.getString("state")),
                row.getString("hostname"),
                URI.create(row.getString("url")),
                row.getString("code_mode"),
                row.getString("identity"),
                row.getString("proof_key"),
                row.getString("release"),
                row.getString("wordpress_version"),
                row.getString("php_version"),
                row.getString("admin_user"),
                proven == null ? null : proven.toInstant(),
                row.getTimestamp("created_at").toInstant());
    }
}
