package io.pressluft.controlplane.job;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one node has to do with a job.
 *
 * @param part 0 for the part that leads
 * @param role what the node is to the job
 * @param state absent for what the control plane does itself
 * @param outputs what the agent reported with the applied change
 */
public record JobPart(
        int part, String nodeId, Role role, @Nullable PartState state, Map<String, String> outputs) {

    /** What a node is to a job that has parts on two: data goes from the source to the target. */
    public enum Role {
        TARGET,
        SOURCE;

        /** The role as database, API and playbook names write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
