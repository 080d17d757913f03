package io.pressluft.controlplane.audit;

import io.pressluft.controlplane.dashboard.Names;
import io.pressluft.controlplane.dashboard.Page;
import io.pressluft.controlplane.dashboard.Pages;
import io.pressluft.controlplane.dashboard.Section;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

@Controller
class AuditPages {

    private static final int SHOWN = 200;

    private final AuditLog log;
    private final Names names;
    private final Pages pages;

    AuditPages(AuditLog log, Names names, Pages pages) {
        this.log = log;
        this.names = names;
        this.pages = pages;
    }

    @GetMapping("/activity")
    ResponseEntity<String> list(HttpServletRequest request) {
        var entries = log.newest(SHOWN);
        return pages.show(
                request,
                Page.of(Section.ACTIVITY, "Activity", "activity/list")
                        .with("entries", entries)
                        .with("shown", SHOWN)
                        .with("names", names.of(entries.stream().map(AuditLog.Entry::target))));
    }
}
