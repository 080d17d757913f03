package io.pressluft.controlplane.site;

import io.pressluft.controlplane.environment.EnvironmentState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** SQL of sites. */
@Repository
class SiteStore {

    private final JdbcClient jdbc;

    SiteStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(String id, String slug, String title, String createdBy) {
        jdbc.sql("""
                INSERT INTO site (id, slug, title, state, created_by) VALUES (:id, :slug, :title, 'creating', :by)
                """)
                .param("id", id)
                .param("slug", slug)
                .param("title", title)
                .param("by", createdBy)
                .update();
    }

    Optional<Site> find(String id) {
        return jdbc.sql("SELECT * FROM site WHERE id = :id")
                .param("id", id)
                .query(this::site)
                .optional();
    }

    List<Site> all() {
        return jdbc.sql("SELECT * FROM site WHERE state <> 'deleted' ORDER BY created_at DESC, id")
                .query(this::site)
                .list();
    }

    boolean slugInUse(String slug) {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM site WHERE slug = :slug AND state <> 'deleted')")
                .param("slug", slug)
                .query(Boolean.class)
                .single();
    }

    boolean move(String id, EnvironmentState to, @Nullable String failureCode, EnvironmentState... from) {
        return jdbc.sql("UPDATE site SET state = :to, failure_code = :code WHERE id = :id AND state IN (:from)")
                        .param("to", to.text())
                        .param("code", failureCode)
                        .param("id", id)
                        .param(
                                "from",
                                Arrays.stream(from).map(EnvironmentState::text).toList())
                        .update()
                == 1;
    }

    /** The same for several sites. @return whether all of them moved */
    boolean move(List<String> sites, EnvironmentState to, EnvironmentState... from) {
        return jdbc.sql(
                                "UPDATE site SET state = :to, failure_code = NULL WHERE id = ANY (:ids::text[]) AND state = ANY (:from::text[])")
                        .param("to", to.text())
                        .param("ids", sites.toArray(String[]::new))
                        .param(
                                "from",
                                Arrays.stream(from).map(EnvironmentState::text).toArray(String[]::new))
                        .update()
                == sites.size();
    }

    private Site site(ResultSet row, int index) throws SQLException {
        return new Site(
                row.getString("id"),
                row.getString("slug"),
                row.getString("title"),
                EnvironmentState.of(row.getString("state")),
                row.getString("failure_code"),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant());
    }
}
