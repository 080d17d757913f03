package io.pressluft.controlplane.account;

import io.pressluft.controlplane.audit.AuditLog;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.logout.LogoutHandler;
import org.springframework.stereotype.Component;

/** Writes down who ended their session. A session that nobody was signed in with ends without a line. */
@Component
class SignOutRecord implements LogoutHandler {

    private final AuditLog audit;

    SignOutRecord(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response, @Nullable Authentication who) {
        if (who != null) {
            audit.add(who.getName(), "sign_out", who.getName(), "succeeded", null, request.getRemoteAddr());
        }
    }
}
