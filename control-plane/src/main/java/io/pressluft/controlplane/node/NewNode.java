package io.pressluft.controlplane.node;

import io.pressluft.controlplane.trust.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a valid request for a node says; source and provider are always explicit.
 *
 * @param options what only the provider understands; no secret
 * @param oneTimePassword for the first access to an existing server
 */
public record NewNode(
        String name,
        String source,
        String provider,
        String webStack,
        int memoryMb,
        double cpus,
        Map<String, String> options,
        @Nullable Secret oneTimePassword) {}
