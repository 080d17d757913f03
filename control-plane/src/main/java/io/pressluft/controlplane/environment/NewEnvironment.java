package io.pressluft.controlplane.environment;

import java.net.URI;

/** An environment that is about to be made. */
public record NewEnvironment(
        String id,
        String siteId,
        String nodeId,
        String kind,
        String hostname,
        URI url,
        String codeMode,
        String identity,
        String adminUser) {}
