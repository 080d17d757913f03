package io.pressluft.controlplane.account;

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
        var cookie = new DefaultCookieSerializer();
        cookie.setCookieName("pressluft_session");
        cookie.setUseHttpOnlyCookie(true);
        cookie.setSameSite("Lax");
        return cookie;
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
