package io.pressluft.controlplane.account;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.stereotype.Component;

/**
 * Sessions live in PostgreSQL, so that any replica may answer and a restart signs nobody out.
 *
 * <p>The library's own clean-up may start before the schema exists; it is switched off and called from here instead.
 */
@Configuration(proxyBeanMethods = false)
@EnableJdbcHttpSession(
        tableName = "spring_session",
        maxInactiveIntervalInSeconds = Sessions.IDLE_SECONDS,
        cleanupCron = Scheduled.CRON_DISABLED)
class Sessions {

    /** A working day. */
    static final int IDLE_SECONDS = 12 * 60 * 60;

    /** The cookie's Secure flag follows the request: on behind TLS, off for the local plain listener. */
    @Bean
    CookieSerializer sessionCookie() {
        var cookie = new OwnIds();
        cookie.setCookieName("pressluft_session");
        cookie.setUseHttpOnlyCookie(true);
        cookie.setSameSite("Lax");
        return cookie;
    }

    /** What no session of ours can be called is not looked for; PostgreSQL would not even take some of it as text. */
    private static final class OwnIds extends DefaultCookieSerializer {

        private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

        @Override
        public List<String> readCookieValues(HttpServletRequest request) {
            return super.readCookieValues(request).stream()
                    .filter(id -> ID.matcher(id).matches())
                    .toList();
        }
    }

    /** Removes sessions that have ended. */
    @Component
    static final class CleanUp {

        private final JdbcIndexedSessionRepository sessions;

        CleanUp(JdbcIndexedSessionRepository sessions) {
            this.sessions = sessions;
        }

        @Scheduled(fixedDelay = 60_000, initialDelay = 60_000)
        void run() {
            sessions.cleanUpExpiredSessions();
        }
    }
}
