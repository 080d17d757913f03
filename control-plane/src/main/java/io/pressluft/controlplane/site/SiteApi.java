package io.pressluft.controlplane.site;

import io.pressluft.controlplane.environment.EnvironmentView;
import io.pressluft.controlplane.environment.Environments;
import io.pressluft.controlplane.job.JobView;
import io.pressluft.controlplane.job.Requesters;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/sites")
class SiteApi {

    private final Sites sites;
    private final Environments environments;
    private final Requesters requesters;

    SiteApi(Sites sites, Environments environments, Requesters requesters) {
        this.sites = sites;
        this.environments = environments;
        this.requesters = requesters;
    }

    record Started(SiteView site, JobView job) {}

    record Confirmation(@Nullable String confirm) {}

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started create(
            @RequestBody SiteRequest body,
            Principal who,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return started(sites.create(body.checked(), requesters.of(who, key)));
    }

    @GetMapping
    Map<String, List<SiteView>> list() {
        return Map.of("sites", sites.list().stream().map(this::view).toList());
    }

    @GetMapping("/{id}")
    SiteView show(@PathVariable String id) {
        return view(sites.get(id));
    }

    @GetMapping("/{id}/environments")
    Map<String, List<EnvironmentView>> environments(@PathVariable String id) {
        return Map.of("environments", view(sites.get(id)).environments());
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started delete(
            @PathVariable String id,
            @RequestBody Confirmation body,
            Principal who,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return started(sites.delete(id, Objects.requireNonNullElse(body.confirm(), ""), requesters.of(who, key)));
    }

    private SiteView view(Site site) {
        return SiteView.of(site, environments.ofSite(site.id()));
    }

    private Started started(Sites.SiteJob made) {
        return new Started(view(made.site()), JobView.of(made.job()));
    }
}
