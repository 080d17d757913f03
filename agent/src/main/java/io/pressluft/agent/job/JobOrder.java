package io.pressluft.agent.job;

import org.jspecify.annotations.Nullable;

/**
 * What the control plane asked for.
 *
 * @param siteId empty when the job belongs to no site; the token is 0 then
 * @param stepMillis how long one step may take; 0 when only the job's deadline bounds it
 * @param page what must be proved after the apply; null when nothing shows
 */
public record JobOrder(
        String jobId,
        String type,
        String siteId,
        long token,
        String payload,
        Deadline deadline,
        long stepMillis,
        @Nullable PageToProve page) {

    boolean ofSite() {
        return !siteId.isEmpty();
    }
}
