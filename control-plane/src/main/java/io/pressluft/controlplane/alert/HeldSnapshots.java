package io.pressluft.controlplane.alert;

import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Sessions that have held a snapshot of the database open for long: what was changed since cannot be tidied away. Of a
 * database that is not our own only those of our own user are seen, unless it may read all statistics.
 */
@Component
class HeldSnapshots {

    private final JdbcClient jdbc;

    HeldSnapshots(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All that have been held for longer than this, the oldest first. */
    List<Member> forLongerThan(Duration time) {
        return jdbc.sql("""
                SELECT pid, coalesce(nullif(application_name, ''), usename, '') AS program, xact_start
                FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend'
                  AND backend_xmin IS NOT NULL AND xact_start < now() - :held * interval '1 ms'
                ORDER BY xact_start
                """)
                .param("held", time.toMillis())
                .query((row, index) -> new Member(
                        "session_" + row.getInt("pid"),
                        "%d (%s)".formatted(row.getInt("pid"), row.getString("program")),
                        row.getTimestamp("xact_start").toInstant()))
                .list();
    }
}
