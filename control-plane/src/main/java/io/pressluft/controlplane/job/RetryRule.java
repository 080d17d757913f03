package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * When the control plane repeats a failed job by itself: only after failures that pass by themselves, only when nothing of
 * the change is left, and never what destroys.
 *
 * @param codes failures that pass by themselves
 * @param attempts how often in all, the first time included
 * @param first the pause before the second attempt; it doubles from one to the next
 */
public record RetryRule(Set<ErrorCode> codes, int attempts, Duration first) {

    public static final RetryRule NEVER = new RetryRule(Set.of(), 1, Duration.ZERO);

    public RetryRule {
        if (attempts < 1 || first.isNegative()) {
            throw new IllegalArgumentException("a job has a first attempt and no pause runs backwards");
        }
    }

    /** The pause before the attempt after {@code attempt}; empty when that was the last. */
    public Optional<Duration> pauseAfter(int attempt, JobFailure failure, boolean undone) {
        boolean again = undone
                && attempt < attempts
                && codes.stream().anyMatch(code -> code.code().equals(failure.code()));
        return again ? Optional.of(first.multipliedBy(1L << (attempt - 1))) : Optional.empty();
    }
}
