package io.pressluft.controlplane.account;

import io.pressluft.controlplane.error.ErrorBody;
import io.pressluft.controlplane.error.ErrorCode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import tools.jackson.databind.json.JsonMapper;

/** Who may call what: everything needs a signed-in user except the login page, its assets and the health endpoint. */
@Configuration(proxyBeanMethods = false)
class Security {

    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'";

    @Bean
    PasswordEncoder passwords() {
        return Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8();
    }

    @Bean
    SecurityFilterChain rules(
            HttpSecurity http, ApiTokens tokens, PasswordLogin login, SignOutRecord signOut, JsonMapper json) {
        var pages = new LoginUrlAuthenticationEntryPoint("/login");
        // Without the parent that Spring makes of the same bean: asked again, it would count each wrong password twice.
        return http.authenticationManager(new ProviderManager(login))
                .authorizeHttpRequests(calls -> calls.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/login", "/assets/**", "/webjars/**", "/health", "/health/**", "/favicon.ico")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .addFilterBefore(new BearerTokens(tokens), UsernamePasswordAuthenticationFilter.class)
                .csrf(csrf -> csrf.ignoringRequestMatchers(BearerTokens::present))
                .formLogin(form -> form.loginPage("/login")
                        .defaultSuccessUrl("/sites", false)
                        .failureHandler((request, response, refused) -> response.sendRedirect(
                                refused instanceof LockedException ? "/login?limited" : "/login?wrong")))
                .logout(logout -> logout.addLogoutHandler(signOut).logoutSuccessUrl("/login?out"))
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint((request, response, refused) -> {
                            if (ofApi(request)) {
                                write(
                                        response,
                                        json,
                                        ErrorBody.of(ErrorCode.UNAUTHENTICATED, "Nobody is signed in."),
                                        ErrorCode.UNAUTHENTICATED);
                            } else {
                                pages.commence(request, response, refused);
                            }
                        })
                        .accessDeniedHandler((request, response, refused) -> {
                            if (ofApi(request)) {
                                write(
                                        response,
                                        json,
                                        ErrorBody.of(ErrorCode.FORBIDDEN, "The request was refused."),
                                        ErrorCode.FORBIDDEN);
                            } else if (request.getRequestURI().equals("/login")) {
                                response.sendRedirect("/login?expired");
                            } else {
                                response.sendError(ErrorCode.FORBIDDEN.httpStatus());
                            }
                        }))
                .headers(headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(
                                org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter
                                        .ReferrerPolicy.SAME_ORIGIN)))
                .build();
    }

    private static boolean ofApi(HttpServletRequest request) {
        // Not the address as it was sent: that can be written in more than one way.
        var path = request.getServletPath();
        return path.equals("/api") || path.startsWith("/api/") || path.equals("/metrics");
    }

    private static void write(HttpServletResponse response, JsonMapper json, ErrorBody body, ErrorCode code)
            throws IOException {
        response.setStatus(code.httpStatus());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(json.writeValueAsString(body));
    }
}
