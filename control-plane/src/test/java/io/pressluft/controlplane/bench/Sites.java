package io.pressluft.controlplane.bench;

import java.util.List;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The sites whose state the jobs move, the same in both databases, and the moves. */
final class Sites {

    private final JdbcClient jdbc;

    Sites(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Ids of new sites that are active. */
    List<String> create(int count) {
        jdbc.sql("""
                INSERT INTO site (id, slug, title, state, created_by)
                SELECT 'site_b' || lpad(n::text, 11, '0'), 'bench-' || n, 'A title', 'creating', 'me'
                FROM generate_series(1, :count) AS n
                """).param("count", count).update();
        jdbc.sql("UPDATE site SET state = 'active'").update();
        return IntStream.rangeClosed(1, count)
                .mapToObj("site_b%011d"::formatted)
                .toList();
    }

    /** @throws IllegalStateException when the site is busy */
    void begin(String site) {
        move(site, "active", "deploying");
    }

    /** As every exclusive change does, so that a late one of before is known by its token. */
    void raiseToken(String site) {
        jdbc.sql("""
                INSERT INTO fence (site_id, token) VALUES (:site, 1)
                ON CONFLICT (site_id) DO UPDATE SET token = fence.token + 1 RETURNING token
                """).param("site", site).query(Long.class).single();
    }

    void settle(String site) {
        move(site, "deploying", "active");
    }

    private void move(String site, String from, String to) {
        int moved = jdbc.sql("UPDATE site SET state = :to WHERE id = :site AND state = :from")
                .param("to", to)
                .param("site", site)
                .param("from", from)
                .update();
        if (moved != 1) {
            throw new IllegalStateException("site %s was not %s".formatted(site, from));
        }
    }
}
