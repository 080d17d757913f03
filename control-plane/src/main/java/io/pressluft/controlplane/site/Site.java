package io.pressluft.controlplane.site;

import io.pressluft.controlplane.environment.EnvironmentState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an owner calls a site: one production environment and any number of others. */
public record Site(
        String id,
        String slug,
        String title,
        EnvironmentState state,
        @Nullable String failureCode,
        String createdBy,
        Instant createdAt) {}
