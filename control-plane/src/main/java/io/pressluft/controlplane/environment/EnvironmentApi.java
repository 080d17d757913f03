package io.pressluft.controlplane.environment;

import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.job.Requesters;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/environments")
class EnvironmentApi {

    private final Environments environments;
    private final LoginLinks links;
    private final Requesters requesters;

    EnvironmentApi(Environments environments, LoginLinks links, Requesters requesters) {
        this.environments = environments;
        this.links = links;
        this.requesters = requesters;
    }

    @GetMapping("/{id}")
    EnvironmentView show(@PathVariable String id) {
        return EnvironmentView.of(environments.get(id));
    }

    @PostMapping("/{id}/login")
    @ResponseStatus(HttpStatus.CREATED)
    LoginLinks.Link login(
            @PathVariable String id,
            Principal who,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key)
            throws InterruptedException {
        // A repeat must not get a link that was used already, so each request makes a new one.
        return links.create(id, new Requester(requesters.of(who, key).name(), null));
    }
}
