package io.pressluft.controlplane.site;

import org.jspecify.annotations.Nullable;

/** What a valid request for a site says. */
public record NewSite(
        String slug, String title, @Nullable String nodeId, String adminUser, String adminEmail, String locale) {}
