package io.pressluft.agent.job;

import org.jspecify.annotations.Nullable;

/** A job as it arrives, before anything about it is known to be true. */
public record Offer(
        String jobId,
        String type,
        String siteId,
        long token,
        String payload,
        long deadlineMillis,
        @Nullable PageToProve page) {}
