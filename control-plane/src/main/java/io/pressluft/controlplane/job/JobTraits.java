package io.pressluft.controlplane.job;

import java.time.Duration;

/**
 * What a job type declares about itself.
 *
 * @param name as in schema, API and playbook, e.g. {@code site_create}
 * @param exclusive changes the site or node: one unfinished at a time; otherwise shared, never in the owner's way
 * @param deadline from dispatch to the end
 * @param step how long any one step may take
 * @param retry after which failures the control plane repeats the job by itself
 * @param part asked for by another job only, and repeated by repeating that one
 * @param cancellable once it has begun; not what takes apart, because half of it is worse than either end
 */
public record JobTraits(
        String name,
        boolean exclusive,
        Duration deadline,
        Duration step,
        RetryRule retry,
        boolean part,
        boolean cancellable) {

    public JobTraits {
        if (!step.isPositive() || step.compareTo(deadline) > 0) {
            throw new IllegalArgumentException("a step of %s takes at most as long as the whole".formatted(name));
        }
    }

    public static JobTraits exclusive(String name, Duration deadline, Duration step) {
        return new JobTraits(name, true, deadline, step, RetryRule.NEVER, false, true);
    }

    public static JobTraits shared(String name, Duration deadline, Duration step) {
        return new JobTraits(name, false, deadline, step, RetryRule.NEVER, false, true);
    }

    public static JobTraits part(String name, Duration deadline, Duration step) {
        return new JobTraits(name, false, deadline, step, RetryRule.NEVER, true, true);
    }

    public JobTraits retried(RetryRule rule) {
        return new JobTraits(name, exclusive, deadline, step, rule, part, cancellable);
    }

    public JobTraits toItsEnd() {
        return new JobTraits(name, exclusive, deadline, step, retry, part, false);
    }
}
