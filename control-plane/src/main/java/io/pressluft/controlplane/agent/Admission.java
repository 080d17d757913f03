package io.pressluft.controlplane.agent;

import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Looks every few seconds whether the agents whose streams are open here would still be let in: their node may have been
 * decommissioned, or their certificate revoked, at another replica.
 */
@Component
class Admission {

    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    private final JdbcClient jdbc;
    private final AgentLinks links;

    Admission(JdbcClient jdbc, AgentLinks links) {
        this.jdbc = jdbc;
        this.links = links;
    }

    @Scheduled(fixedDelay = 5_000)
    void look() {
        try {
            var streams = links.streams();
            var refused = refused(streams);
            for (var link : streams) {
                if (refused.contains(link.certificate())) {
                    log.info("node={} its stream is closed: certificate_refused", link.nodeId());
                    links.expel(link, "certificate_refused");
                }
            }
        } catch (DataAccessException e) {
            log.warn("It could not be looked who is still let in: {}", e.getMessage());
        }
    }

    private Set<String> refused(Set<AgentLink> streams) {
        if (streams.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(jdbc.sql("""
                SELECT s.serial FROM unnest(:serials::text[], :nodes::text[]) AS s (serial, node)
                WHERE NOT EXISTS (SELECT 1 FROM agent_certificate c JOIN node n ON n.id = s.node
                                  WHERE c.serial = s.serial AND c.revoked_at IS NULL AND n.state <> 'decommissioned')
                """)
                .param("serials", streams.stream().map(AgentLink::certificate).toArray(String[]::new))
                .param("nodes", streams.stream().map(AgentLink::nodeId).toArray(String[]::new))
                .query(String.class)
                .list());
    }
}
