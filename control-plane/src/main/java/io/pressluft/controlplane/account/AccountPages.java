package io.pressluft.controlplane.account;

import io.pressluft.controlplane.dashboard.Page;
import io.pressluft.controlplane.dashboard.Pages;
import io.pressluft.controlplane.dashboard.Section;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Signing in. The form itself is answered by the security filters. */
@Controller
class AccountPages {

    private static final List<String> REASONS = List.of("wrong", "limited", "expired", "out");

    private final Pages pages;

    AccountPages(Pages pages) {
        this.pages = pages;
    }

    @GetMapping("/")
    ResponseEntity<String> start() {
        return Pages.redirect(Section.SITES.path());
    }

    @GetMapping("/login")
    ResponseEntity<String> login(
            HttpServletRequest request, @Nullable Principal who, @RequestParam Map<String, String> query) {
        if (who != null) {
            return Pages.redirect(Section.SITES.path());
        }
        var reason = REASONS.stream().filter(query::containsKey).findFirst().orElse("");
        return pages.showBare(request, Page.bare("Sign in", "login").with("reason", reason));
    }
}
