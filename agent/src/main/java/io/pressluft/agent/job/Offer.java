package io.pressluft.agent.job;

import org.jspecify.annotations.Nullable;

/**
 * A job as it arrives, before anything about it is known to be true.
 *
 * @param stepMillis how long one step may take; 0 when only the job's deadline bounds it
 */
public record Offer(
        String jobId,
        String type,
        String siteId,
        long token,
        String payload,
        long deadlineMillis,
        long stepMillis,
        @Nullable PageToProve page) {}
