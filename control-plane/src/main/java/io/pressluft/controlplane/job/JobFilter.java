package io.pressluft.controlplane.job;

import org.jspecify.annotations.Nullable;

/**
 * Which jobs are wanted.
 *
 * @param siteId only of this site
 * @param nodeId only with a part on this node
 * @param state only in this state
 * @param attention only those to which nothing more happens until somebody does something
 */
public record JobFilter(
        @Nullable String siteId,
        @Nullable String nodeId,
        @Nullable JobState state,
        boolean attention) {

    public static final JobFilter ALL = new JobFilter(null, null, null, false);

    /** What waits for somebody. */
    public static final JobFilter ATTENTION = new JobFilter(null, null, null, true);

    public static JobFilter ofSite(String siteId) {
        return new JobFilter(siteId, null, null, false);
    }

    public static JobFilter ofNode(String nodeId) {
        return new JobFilter(null, nodeId, null, false);
    }
}
