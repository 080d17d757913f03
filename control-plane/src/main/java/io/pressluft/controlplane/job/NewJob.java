package io.pressluft.controlplane.job;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller wants done. The payload holds typed values and no secret. */
public record NewJob(
        String type,
        @Nullable String siteId,
        @Nullable String environmentId,
        @Nullable String nodeId,
        Map<String, Object> payload,
        Requester requester,
        @Nullable String retryOf) {

    public static NewJob forNode(String type, String nodeId, Map<String, Object> payload, Requester requester) {
        return new NewJob(type, null, null, nodeId, payload, requester, null);
    }

    public static NewJob forEnvironment(
            String type,
            String siteId,
            String environmentId,
            String nodeId,
            Map<String, Object> payload,
            Requester requester) {
        return new NewJob(type, siteId, environmentId, nodeId, payload, requester, null);
    }
}
