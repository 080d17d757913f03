package io.pressluft.controlplane.node;

import io.pressluft.controlplane.dashboard.NameSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The names of nodes, of decommissioned ones too. */
@Component
class NodeNames implements NameSource {

    private final JdbcClient jdbc;

    NodeNames(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<String, String> names(Collection<String> ids) {
        var names = new HashMap<String, String>();
        jdbc.sql("SELECT id, name FROM node WHERE id IN (:ids)")
                .param("ids", ids)
                .query(row -> {
                    names.put(row.getString("id"), row.getString("name"));
                });
        return names;
    }
}
