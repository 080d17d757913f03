package io.pressluft.controlplane.account;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Limits wrong passwords, per name and per address, across all replicas. */
@Component
class LoginAttempts {

    private static final int MOST = 10;
    private static final String WINDOW = "5 minutes";

    private final JdbcClient jdbc;

    LoginAttempts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether ten wrong passwords within five minutes were tried for the name or from the address. */
    boolean limited(String name, String address) {
        return jdbc.sql("""
                SELECT count(*) FROM login_attempt
                WHERE subject IN (:subjects) AND attempted_at > now() - :window::interval
                GROUP BY subject ORDER BY 1 DESC LIMIT 1
                """)
                        .param("subjects", subjects(name, address))
                        .param("window", WINDOW)
                        .query(Integer.class)
                        .optional()
                        .orElse(0)
                >= MOST;
    }

    /** @return whether name or address are limited from now on */
    boolean wrong(String name, String address) {
        jdbc.sql("DELETE FROM login_attempt WHERE attempted_at < now() - :window::interval")
                .param("window", WINDOW)
                .update();
        subjects(name, address)
                .forEach(subject -> jdbc.sql("INSERT INTO login_attempt (subject) VALUES (:subject)")
                        .param("subject", subject)
                        .update());
        return limited(name, address);
    }

    private static List<String> subjects(String name, String address) {
        var shortened = name.substring(0, Math.min(name.length(), 100));
        return List.of("name:" + shortened, "address:" + address);
    }
}
