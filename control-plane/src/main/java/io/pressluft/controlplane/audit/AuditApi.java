package io.pressluft.controlplane.audit;

import io.pressluft.controlplane.error.FieldChecks;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/audit")
class AuditApi {

    private static final int LONGEST_LIST = 200;

    private final AuditLog log;

    AuditApi(AuditLog log) {
        this.log = log;
    }

    @GetMapping
    Map<String, List<AuditLog.Entry>> list(@RequestParam(defaultValue = "50") int limit) {
        new FieldChecks()
                .require(limit >= 1 && limit <= LONGEST_LIST, "limit", "Must be between 1 and 200.")
                .done();
        return Map.of("entries", log.newest(limit));
    }
}
