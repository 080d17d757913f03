package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.error.FieldChecks;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/alerts")
class AlertApi {

    private static final int LONGEST_LIST = 200;

    private final Alerts alerts;

    AlertApi(Alerts alerts) {
        this.alerts = alerts;
    }

    @GetMapping
    Map<String, List<AlertView>> list(@RequestParam(defaultValue = "50") int limit) {
        new FieldChecks()
                .require(limit >= 1 && limit <= LONGEST_LIST, "limit", "Must be between 1 and 200.")
                .done();
        return Map.of("alerts", alerts.list(limit));
    }

    @PostMapping("/test")
    Map<String, List<Alerts.Tried>> test(Principal who) {
        return Map.of("channels", alerts.test(who.getName()));
    }
}
