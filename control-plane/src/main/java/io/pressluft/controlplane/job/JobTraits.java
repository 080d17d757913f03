package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.Set;

/**
 * What a job type declares about itself.
 *
 * @param name as in schema, API and playbook, e.g. {@code site_create}
 * @param exclusive changes the site or node: one unfinished at a time; otherwise shared, never in the owner's way
 * @param deadline from dispatch to the end
 * @param retryableCodes failures after which an operator may retry; empty means any
 * @param part asked for by another job only, and repeated by repeating that one
 */
public record JobTraits(String name, boolean exclusive, Duration deadline, Set<String> retryableCodes, boolean part) {

    public static JobTraits exclusive(String name, Duration deadline) {
        return new JobTraits(name, true, deadline, Set.of(), false);
    }

    public static JobTraits shared(String name, Duration deadline) {
        return new JobTraits(name, false, deadline, Set.of(), false);
    }

    public static JobTraits part(String name, Duration deadline) {
        return new JobTraits(name, false, deadline, Set.of(), true);
    }
}
