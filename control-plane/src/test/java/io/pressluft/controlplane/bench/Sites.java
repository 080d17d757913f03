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
        move(List.of(site), "active", "deploying");
    }

    /** @throws IllegalStateException when one of the sites is busy */
    void begin(List<String> some) {
        move(some, "active", "deploying");
    }

    /** As every exclusive change does, so that a late one of before is known by its token. */
    void raiseToken(String site) {
        jdbc.sql("""
                INSERT INTO fence (site_id, token) VALUES (:site, 1)
                ON CONFLICT (site_id) DO UPDATE SET token = fence.token + 1 RETURNING token
                """).param("site", site).query(Long.class).single();
    }

    void settle(String site) {
        move(List.of(site), "deploying", "active");
    }

    void settle(List<String> some) {
        move(some, "deploying", "active");
    }

    private void move(List<String> some, String from, String to) {
        int moved = jdbc.sql("UPDATE site SET state = :to WHERE id = ANY (:sites::text[]) AND state = :from")
                .param("to", to)
                .param("sites", some.toArray(String[]::new))
                .param("from", from)
                .update();
        if (moved != some.size()) {
            throw new IllegalStateException("one of %s was not %s".formatted(some, from));
        }
    }
}
