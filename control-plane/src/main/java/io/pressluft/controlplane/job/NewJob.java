package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants done. The payload holds typed values and no secret.
 *
 * @param nodeId the node of the leading part
 * @param sources the nodes of the other parts, none of them twice
 * @param attempt from 1; more than that for a repeat by the control plane itself
 * @param pause before it may begin
 */
public record NewJob(
        String type,
        @Nullable String siteId,
        @Nullable String environmentId,
        @Nullable String nodeId,
        List<String> sources,
        Map<String, Object> payload,
        Requester requester,
        @Nullable String retryOf,
        int attempt,
        Duration pause) {

    public static NewJob forNode(String type, String nodeId, Map<String, Object> payload, Requester requester) {
        return new NewJob(type, null, null, nodeId, List.of(), payload, requester, null, 1, Duration.ZERO);
    }

    public static NewJob forEnvironment(
            String type,
            String siteId,
            String environmentId,
            String nodeId,
            Map<String, Object> payload,
            Requester requester) {
        return new NewJob(type, siteId, environmentId, nodeId, List.of(), payload, requester, null, 1, Duration.ZERO);
    }

    /**
     * Its parts before anything has happened to them.
     *
     * @param first absent for what the control plane does itself
     */
    List<JobPart> parts(@Nullable PartState first) {
        if (nodeId == null) {
            return List.of();
        }
        var parts = new ArrayList<JobPart>();
        parts.add(new JobPart(0, nodeId, JobPart.Role.TARGET, first, Map.of()));
        sources.forEach(source -> parts.add(new JobPart(parts.size(), source, JobPart.Role.SOURCE, first, Map.of())));
        return List.copyOf(parts);
    }

    /** The same with a payload as it is read back from the database. */
    NewJob withPayload(Map<String, Object> stored) {
        return new NewJob(type, siteId, environmentId, nodeId, sources, stored, requester, retryOf, attempt, pause);
    }

    /** The same with a part on another node, from which the data comes. */
    public NewJob from(String sourceNode) {
        return new NewJob(
                type, siteId, environmentId, nodeId, List.of(sourceNode), payload, requester, retryOf, attempt, pause);
    }

    /** The same intent once more, at once. */
    static NewJob again(Job job, Requester requester) {
        return repeat(job, requester, 1, Duration.ZERO);
    }

    /** The same intent once more, by the control plane itself. */
    static NewJob nextAttempt(Job job, Duration pause) {
        return repeat(job, Requester.CONTROL_PLANE, job.attempt() + 1, pause);
    }

    private static NewJob repeat(Job job, Requester requester, int attempt, Duration pause) {
        return new NewJob(
                job.type(),
                job.siteId(),
                job.environmentId(),
                job.nodeId(),
                job.parts().stream().skip(1).map(JobPart::nodeId).toList(),
                job.payload(),
                requester,
                job.id(),
                attempt,
                pause);
    }
}
