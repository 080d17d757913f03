package io.pressluft.controlplane.account;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Signs a request in by its API token; no session is made. */
class BearerTokens extends OncePerRequestFilter {

    private static final String SCHEME = "Bearer ";

    private final ApiTokens tokens;

    BearerTokens(ApiTokens tokens) {
        this.tokens = tokens;
    }

    static boolean present(HttpServletRequest request) {
        var header = request.getHeader("Authorization");
        return header != null && header.startsWith(SCHEME);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (present(request)) {
            var token = request.getHeader("Authorization").substring(SCHEME.length());
            var context = SecurityContextHolder.createEmptyContext();
            tokens.userOf(token).map(PasswordLogin::signedIn).ifPresent(context::setAuthentication);
            SecurityContextHolder.setContext(context);
        }
        chain.doFilter(request, response);
    }

    /** An event stream goes on in another dispatch, which has to be signed in as well. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }
}
