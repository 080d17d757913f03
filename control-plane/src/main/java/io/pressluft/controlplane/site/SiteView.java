package io.pressluft.controlplane.site;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.environment.Environment;
import io.pressluft.controlplane.environment.EnvironmentView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A site as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SiteView(
        String id,
        String slug,
        String title,
        String state,
        @Nullable String failureCode,
        List<EnvironmentView> environments,
        Instant createdAt) {

    static SiteView of(Site site, List<Environment> environments) {
        return new SiteView(
                site.id(),
                site.slug(),
                site.title(),
                site.state().text(),
                site.failureCode(),
                environments.stream().map(EnvironmentView::of).toList(),
                site.createdAt());
    }
}
