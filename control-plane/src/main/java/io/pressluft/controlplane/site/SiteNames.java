package io.pressluft.controlplane.site;

import io.pressluft.controlplane.dashboard.NameSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The titles of sites, of deleted ones too. */
@Component
class SiteNames implements NameSource {

    private final JdbcClient jdbc;

    SiteNames(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<String, String> names(Collection<String> ids) {
        var names = new HashMap<String, String>();
        jdbc.sql("SELECT id, title FROM site WHERE id IN (:ids)")
                .param("ids", ids)
                .query(row -> {
                    names.put(row.getString("id"), row.getString("title"));
                });
        return names;
    }
}
