package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.dashboard.Page;
import io.pressluft.controlplane.dashboard.Pages;
import io.pressluft.controlplane.dashboard.Section;
import io.pressluft.controlplane.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
@RequestMapping("/alerts")
class AlertPages {

    private static final int SHOWN = 50;
    private static final String DELIVERED = "delivered";

    private final Alerts alerts;
    private final Pages pages;

    AlertPages(Alerts alerts, Pages pages) {
        this.alerts = alerts;
        this.pages = pages;
    }

    /** With the outcome of a test, by channel, when one has just been made. */
    @GetMapping
    ResponseEntity<String> list(HttpServletRequest request, @RequestParam Map<String, String> outcomes) {
        var tried = new LinkedHashMap<String, String>();
        for (var channel : Channel.values()) {
            var outcome = outcomes.getOrDefault(channel.text(), "");
            if (known(outcome)) {
                tried.put(channel.text(), outcome);
            }
        }
        return pages.show(
                request,
                Page.of(Section.ACTIVITY, "Alerts", "alerts/list")
                        .with("alerts", alerts.list(SHOWN))
                        .with("tried", tried)
                        .with("shown", SHOWN));
    }

    /** Anybody can write an address; the page repeats nothing of it that is not one of these. */
    private static boolean known(String outcome) {
        return outcome.equals(DELIVERED)
                || (outcome.startsWith("alert_")
                        && ErrorCode.ofFailure(outcome).code().equals(outcome));
    }

    @PostMapping("/test")
    ResponseEntity<String> test(Principal who) {
        return Pages.redirect(alerts.test(who.getName()).stream()
                .map(one -> one.channel() + "=" + (one.code() == null ? DELIVERED : one.code()))
                .collect(Collectors.joining("&", "/alerts?", "")));
    }
}
