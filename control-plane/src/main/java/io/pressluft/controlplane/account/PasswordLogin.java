package io.pressluft.controlplane.account;

import io.pressluft.controlplane.audit.AuditLog;
import java.util.List;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/** Signs in with name and password, within the limits of {@link LoginAttempts}. */
@Component
class PasswordLogin implements AuthenticationProvider {

    private static final int LONGEST_NAME = 100;

    private final Accounts accounts;
    private final LoginAttempts attempts;
    private final AuditLog audit;

    PasswordLogin(Accounts accounts, LoginAttempts attempts, AuditLog audit) {
        this.audit = audit;
        this.accounts = accounts;
        this.attempts = attempts;
    }

    @Override
    public Authentication authenticate(Authentication claim) {
        var name = storable(claim.getName());
        var address =
                claim.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "unknown";
        if (attempts.limited(name, address)) {
            throw new LockedException("too many wrong passwords");
        }
        if (!(claim.getCredentials() instanceof String password) || !accounts.matches(name, password)) {
            refused(name, address);
            throw new BadCredentialsException("wrong name or password");
        }
        audit.add(name, "sign_in", name, "succeeded", null, address);
        return signedIn(name);
    }

    /**
     * A name that no account has is not recorded: now and then it is a password in the wrong field. While a lock-out
     * holds attempts are not recorded, so that nobody can fill the log.
     */
    private void refused(String name, String address) {
        var who = accounts.find(name).map(Account::name).orElse("unknown");
        boolean locked = attempts.wrong(name, address);
        audit.add(who, "sign_in", who, "failed", null, address);
        if (locked) {
            audit.add(who, "sign_in", who, "locked_out", null, address);
        }
    }

    /** Nobody is called like this, but the attempt counts all the same. */
    private static String storable(String name) {
        var shortened = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        return shortened.replaceAll("[\\p{Cc}\\p{Cs}]", "\ufffd");
    }

    static Authentication signedIn(String name) {
        return UsernamePasswordAuthenticationToken.authenticated(
                name, null, List.of(new SimpleGrantedAuthority("ROLE_OPERATOR")));
    }

    @Override
    public boolean supports(Class<?> kind) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(kind);
    }
}
