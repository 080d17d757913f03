package io.pressluft.controlplane.node;

import java.security.Principal;
import java.time.Instant;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/nodes/{id}/enrolment-token")
class EnrolmentTokenApi {

    private final NodeEnrolment enrolment;

    EnrolmentTokenApi(NodeEnrolment enrolment) {
        this.enrolment = enrolment;
    }

    /** Shown this once. */
    record FreshEnrolmentToken(String nodeId, String token, Instant expiresAt) {
        @Override
        public String toString() {
            return "FreshEnrolmentToken[" + nodeId + "]";
        }
    }

    @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<FreshEnrolmentToken> create(@PathVariable String id, Principal who) {
        var fresh = enrolment.token(id, who.getName());
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new FreshEnrolmentToken(id, fresh.reveal(), fresh.expiresAt()));
    }
}
